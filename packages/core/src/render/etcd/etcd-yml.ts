import { paths } from "../../names";
import type { ClusterModel } from "../../model/types";
import type { Json } from "../text/json-value";
import { ports } from "../../ports";
import { toYaml } from "../text/yaml";

/** Where etcd answers health checks without TLS and authentication: only inside its own container. */
const HEALTH_URL = "http://127.0.0.1:2381";

/** etcd.yml of one member of the store; `index` counts `model.etcd` from 0. */
export function renderEtcdYml(model: ClusterModel, index: number): string {
  const name = model.etcd[index];
  if (name === undefined) throw new Error(`etcd member ${index} of ${model.etcd.length} does not exist`);
  return toYaml({
    ...listening(name),
    ...storage,
    name,
    // Signed ones. A simple token names a raft index that etcd waits for: from before the store was made anew, it would wait for ever.
    "auth-token": `jwt,priv-key=${paths.config}/${TOKEN_KEY},sign-method=HS256,ttl=1h`,
    "initial-cluster": model.etcd.map((host) => `${host}=${peerUrl(host)}`).join(","),
    "initial-cluster-state": "new",
    // Members of clusters that share a network never mistake each other for their own.
    "initial-cluster-token": model.name,
    "log-level": "warn",
  });
}

const peerUrl = (host: string): string => `https://${host}:${ports.etcdPeer}`;
/** Whose certificates etcd takes, beside its own. */
export const storeFiles = { peers: "store-ca.crt", clients: "store-clients-ca.crt" } as const;
/** What etcd signs and checks tokens with; the same for all of its members. */
export const TOKEN_KEY = "token.key";
const certificate = { "cert-file": `${paths.config}/tls.crt`, "key-file": `${paths.config}/tls.key` };

const listening = (name: string): { [key: string]: Json } => ({
  "advertise-client-urls": `https://${name}:${ports.etcdClient}`,
  "initial-advertise-peer-urls": peerUrl(name),
  "listen-client-urls": `https://0.0.0.0:${ports.etcdClient}`,
  "listen-metrics-urls": HEALTH_URL,
  "listen-peer-urls": `https://0.0.0.0:${ports.etcdPeer}`,
  // A certificate lets a client ask at all, its name and password say what it may do: the JSON gateway, which Patroni speaks to,
  // passes no client's name on (https://etcd.io/docs/v3.5/op-guide/authentication/rbac/#using-tls-common-name). Without a
  // certificate anyone could raise an alarm, which needs no password and stops all writes.
  "client-transport-security": {
    ...certificate,
    "client-cert-auth": true,
    "trusted-ca-file": `${paths.config}/${storeFiles.clients}`,
  },
  // Peers have no passwords: their certificate is all they have, and members have none of these.
  "peer-transport-security": {
    ...certificate,
    "client-cert-auth": true,
    "trusted-ca-file": `${paths.config}/${storeFiles.peers}`,
  },
});

/** A lease and a few documents: a short history, and a file that cannot grow without end. */
const storage: { [key: string]: Json } = {
  "auto-compaction-mode": "periodic",
  "auto-compaction-retention": "1h",
  "data-dir": `${paths.etcdData}/data`,
  "quota-backend-bytes": 256 * 1024 ** 2,
};
