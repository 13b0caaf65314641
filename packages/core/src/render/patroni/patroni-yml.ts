import { labelKeys, paths, systemUsers } from "../../names";
import type { ClusterModel, ResolvedMember } from "../../model/types";
import type { Json } from "../text/json-value";
import type { DeferredValues } from "../deferred-values";
import { ports } from "../../ports";
import { toYaml } from "../text/yaml";
import { STORE_NAMESPACE } from "./store-namespace";
import { memberTags } from "./tags";

const ca = `${paths.config}/ca.crt`;
const certificate = `${paths.config}/tls.crt`;
const privateKey = `${paths.config}/tls.key`;
/** File names of a member's identity, of the authorities of its REST API's clients, and of the store's authority. */
export const memberFiles = { identity: "identity", restClients: "rest-clients-ca.crt", store: "store-ca.crt" } as const;
const identity = {
  certificate: `${paths.config}/${memberFiles.identity}.crt`,
  privateKey: `${paths.config}/${memberFiles.identity}.key`,
};

/**
 * patroni/00-member.yml: settings that differ between members, and secrets. Shared settings are in the dynamic configuration, so that
 * changing them changes no member's files. `localHba`: only for a member with separate rules.
 */
export function renderPatroniYml(
  model: ClusterModel,
  member: ResolvedMember,
  deferred: DeferredValues,
  localHba?: readonly string[],
): string {
  return toYaml({
    scope: model.name,
    // On Kubernetes it would override the namespace in the pod's environment.
    ...(model.platform === "kubernetes" ? {} : { namespace: STORE_NAMESPACE }),
    name: member.patroniName,
    // INFO logs no secrets; DEBUG would log requests with their headers.
    log: { level: "INFO", traceback_level: "ERROR" },
    restapi: restApi(member, deferred),
    // Certificates of patronictl, and of Patroni's requests to other members.
    ctl: { cacert: ca, certfile: identity.certificate, keyfile: identity.privateKey, insecure: false },
    ...store(model, deferred),
    postgresql: postgresql(model, member, deferred, localHba),
    tags: memberTags(member),
    // Containers have no /dev/watchdog.
    watchdog: { mode: "off" },
  });
}

const restApi = (member: ResolvedMember, deferred: DeferredValues): { [key: string]: Json } => ({
  listen: `0.0.0.0:${ports.patroni}`,
  connect_address: `${member.hostname}:${ports.patroni}`,
  authentication: { username: systemUsers.rest, password: deferred.passwords.rest },
  cafile: `${paths.config}/${memberFiles.restClients}`,
  certfile: certificate,
  keyfile: privateKey,
  // Requires certificates of members or health checks; requests that change something also need the password.
  verify_client: "required",
});

function store(model: ClusterModel, deferred: DeferredValues): { [key: string]: Json } {
  if (model.platform === "kubernetes") return { kubernetes: kubernetesStore };
  return {
    etcd3: {
      hosts: model.etcd.map((host) => `${host}:${ports.etcdClient}`),
      protocol: "https",
      cacert: `${paths.config}/${memberFiles.store}`,
      cert: identity.certificate,
      key: identity.privateKey,
      username: systemUsers.etcd,
      password: deferred.passwords.etcd,
    },
  };
}

/** ConfigMaps, because Endpoints, Patroni's alternative, are deprecated. The namespace is in the pod's environment. */
const kubernetesStore: { [key: string]: Json } = {
  use_endpoints: false,
  // Labels of this cluster's pods and ConfigMaps, and the label that holds the scope.
  labels: { [labelKeys.role]: "member" },
  scope_label: labelKeys.cluster,
  role_label: "role",
  leader_label_value: "primary",
  follower_label_value: "replica",
};

function postgresql(
  model: ClusterModel,
  member: ResolvedMember,
  deferred: DeferredValues,
  localHba: readonly string[] | undefined,
): { [key: string]: Json } {
  return {
    listen: `0.0.0.0:${ports.postgres}`,
    connect_address: `${member.hostname}:${ports.postgres}`,
    bin_dir: `/usr/lib/postgresql/${model.postgresMajor}/bin`,
    data_dir: paths.pgdata,
    pgpass: `${paths.postgresSocket}/.pgpass`,
    // The superuser connects only by peer authentication, which needs the socket.
    use_unix_socket: true,
    use_unix_socket_repl: true,
    authentication: {
      superuser: { username: systemUsers.superuser },
      replication: remote(systemUsers.replication, deferred.passwords.replication),
      rewind: remote(systemUsers.rewind, deferred.passwords.rewind),
    },
    basebackup: [{ checkpoint: "fast" }],
    before_stop: "pgharbor-before-stop",
    callbacks: {
      on_restart: "pgharbor-on-role-change",
      on_role_change: "pgharbor-on-role-change",
      on_start: "pgharbor-on-role-change",
    },
    parameters: localParameters,
    ...(localHba === undefined ? {} : { pg_hba: [...localHba] }),
    // Not under parameters: there Patroni would rewrite it in each loop, because it compares recovery settings with these.
    ...(member.applyDelay === undefined ? {} : { recovery_conf: { recovery_min_apply_delay: member.applyDelay } }),
  };
}

const remote = (username: string, password: string): { [key: string]: Json } => ({
  username,
  password,
  gssencmode: "disable",
  sslmode: "verify-full",
  sslrootcert: ca,
});

/** Local settings override the dynamic configuration, so these cannot be changed there. */
const localParameters: { [key: string]: Json } = {
  ssl: "on",
  ssl_ca_file: ca,
  ssl_cert_file: certificate,
  ssl_key_file: privateKey,
  ssl_min_protocol_version: "TLSv1.2",
  unix_socket_directories: paths.postgresSocket,
};
