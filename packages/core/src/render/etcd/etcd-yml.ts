import { paths } from "../../names";
import type { ClusterModel } from "../../model/types";
import type { Json } from "../text/json-value";
import { ports } from "../../ports";
import { toYaml } from "../text/yaml";

/** etcd's address for health checks without TLS and authentication, only inside its container. */
const HEALTH_URL = "http://127.0.0.1:2381";

/** etcd.yml of one etcd member; `index` counts `model.etcd` from 0. */
export function renderEtcdYml(model: ClusterModel, index: number): string {
  const name = model.etcd[index];
  if (name === undefined) throw new Error(`etcd member ${index} of ${model.etcd.length} does not exist`);
  return toYaml({
    ...listening(name),
    ...storage,
    name,
    // Signed tokens. A simple token names a raft index that etcd waits for: one from before the store was recreated would make it wait
    // forever.
    "auth-token": `jwt,priv-key=${paths.config}/${TOKEN_KEY},sign-method=HS256,ttl=1h`,
    "initial-cluster": model.etcd.map((host) => `${host}=${peerUrl(host)}`).join(","),
    "initial-cluster-state": "new",
    // Keeps etcd members of clusters on a shared network apart.
    "initial-cluster-token": model.name,
    "log-level": "warn",
  });
}

const peerUrl = (host: string): string => `https://${host}:${ports.etcdPeer}`;
/** Authorities whose certificates etcd accepts, besides its own certificate. */
export const storeFiles = { peers: "store-ca.crt", clients: "store-clients-ca.crt" } as const;
/** Key for signing and checking tokens, the same on all etcd members. */
export const TOKEN_KEY = "token.key";
const certificate = { "cert-file": `${paths.config}/tls.crt`, "key-file": `${paths.config}/tls.key` };

const listening = (name: string): { [key: string]: Json } => ({
  "advertise-client-urls": `https://${name}:${ports.etcdClient}`,
  "initial-advertise-peer-urls": peerUrl(name),
  "listen-client-urls": `https://0.0.0.0:${ports.etcdClient}`,
  "listen-metrics-urls": HEALTH_URL,
  "listen-peer-urls": `https://0.0.0.0:${ports.etcdPeer}`,
  // A certificate is required to connect; name and password decide a client's rights, because the JSON gateway, which Patroni uses,
  // forwards no client name (https://etcd.io/docs/v3.5/op-guide/authentication/rbac/#using-tls-common-name). Without a certificate anyone
  // could raise an alarm, which needs no password and stops all writes.
  "client-transport-security": {
    ...certificate,
    "client-cert-auth": true,
    "trusted-ca-file": `${paths.config}/${storeFiles.clients}`,
  },
  // Peers have no passwords and authenticate only by certificate; members have no peer certificate.
  "peer-transport-security": {
    ...certificate,
    "client-cert-auth": true,
    "trusted-ca-file": `${paths.config}/${storeFiles.peers}`,
  },
});

/** The store holds a lease and a few documents: short history, bounded file size. */
const storage: { [key: string]: Json } = {
  "auto-compaction-mode": "periodic",
  "auto-compaction-retention": "1h",
  "data-dir": `${paths.etcdData}/data`,
  "quota-backend-bytes": 256 * 1024 ** 2,
};
