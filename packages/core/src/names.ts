/** All names, paths and labels. Tests prove them unique and valid. */
import { createHash } from "node:crypto";

/** A volume beside those of repositories. */
export const PROOF = "proof";

export const memberNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i + 1}`);

export const names = {
  /** Network of gateways and of containers that join the cluster. The other networks contain a dot, which no cluster name has. */
  network: (cluster: string) => cluster,
  membersNetwork: (cluster: string) => `${cluster}.members`,
  storeNetwork: (cluster: string) => `${cluster}.store`,
  member: (cluster: string, member: string) => `${cluster}-${member}`,
  memberVolume: (cluster: string, member: string) => `${cluster}-${member}-data`,
  etcd: (cluster: string, index: number) => `${cluster}-etcd-${index}`,
  etcdVolume: (cluster: string, index: number) => `${cluster}-etcd-${index}-data`,
  /** The container with the repositories for backups. */
  backup: (cluster: string) => `${cluster}-backup`,
  /**
   * Name of the point from which a new cluster starts. Each has a name of its own, so that a member that still tries a former one, which
   * failed, cannot succeed with the files of the next.
   */
  restorePoint: (point: string) => `restore-${createHash("sha256").update(point).digest("hex").slice(0, 6)}`,
  restore: (cluster: string, point: string) => `${cluster}-${point}`,
  /** No repository may have this name. */
  proofVolume: (cluster: string) => `${cluster}-backup-${PROOF}`,
  repositoryVolume: (cluster: string, repository: string) => `${cluster}-backup-${repository}`,
  haproxy: (cluster: string, gateway: number) => `${cluster}-haproxy-${gateway}`,
  pooler: (cluster: string, gateway: number, service: string) => `${cluster}-pooler-${gateway}-${service}`,
  sockets: (cluster: string, gateway: number) => `${cluster}-sockets-${gateway}`,
  /** Containers of a service that is added to a running cluster. */
  serviceHaproxy: (cluster: string, service: string) => `${cluster}-${service}-haproxy`,
  servicePooler: (cluster: string, service: string) => `${cluster}-${service}-pooler`,
  serviceSockets: (cluster: string, service: string) => `${cluster}-${service}-sockets`,
  service: (cluster: string, service: string) => `${cluster}-${service}`,
  /** On Kubernetes: the headless Service of the members, the gateways, and the gateways of one added service. */
  members: (cluster: string) => `${cluster}-members`,
  gateway: (cluster: string) => `${cluster}-gateway`,
  serviceGateway: (cluster: string, service: string) => `${cluster}-${service}-gateway`,
  /** On Kubernetes: one container of a gateway's pod. */
  gatewayHaproxy: (gateway: string) => `${gateway}-haproxy`,
  gatewayPooler: (gateway: string, service: string) => `${gateway}-pooler-${service}`,
  /**
   * Name of a pooler's port in a pod, for Services and policies. Port numbers are reassigned when a service comes or goes, and pods follow
   * one by one. Kubernetes allows 15 characters and no adjacent hyphens.
   */
  poolerPort: (service: string) =>
    service.length <= 15 && !service.includes("--")
      ? service
      : `pool-${createHash("sha256").update(service).digest("hex").slice(0, 10)}`,
  /** Client or peer certificate of a container, for connections to other parts of the cluster. */
  identity: (container: string) => `${container}-identity`,
  /** The same for pgBackRest. */
  backupIdentity: (container: string) => `${container}-backup-identity`,
  /** On Kubernetes: the Secret with the client certificate for monitoring. */
  monitoring: (cluster: string) => `${cluster}-monitoring`,
  /** On Kubernetes: the Secret with a container's certificate when an issuer signs it. */
  issuedSecret: (container: string) => `${container}-tls`,
  /** Pods of a StatefulSet end in an ordinal. */
  memberPod: (cluster: string, member: string) => `${cluster}-${member}-0`,
  /** One instance of a supporting service. No other container name ends in a host name. */
  supportingService: (cluster: string, service: string, host: string) => `${cluster}-${service}-${host}`,
} as const;

/** On Kubernetes: the ConfigMaps in which Patroni keeps the cluster's state. */
export const patroniConfigMaps = (cluster: string) => ({
  config: `${cluster}-config`,
  failover: `${cluster}-failover`,
  failsafe: `${cluster}-failsafe`,
  leader: `${cluster}-leader`,
  sync: `${cluster}-sync`,
});

/** DNS names with several addresses, inside the cluster's network. They start with the cluster's name because networks may be shared. */
export const aliases = {
  /** Poolers of services that follow the primary. Patroni's hooks pause and resume them. */
  poolers: (cluster: string) => `${cluster}-poolers`,
  /** All HAProxies of the gateways. */
  haproxy: (cluster: string) => `${cluster}-haproxy`,
  /** One service, from inside the cluster's network. */
  service: (cluster: string, service: string) => `${service}.${cluster}.internal`,
  /** Covers every service, including later ones. It has two labels because OpenSSL refuses a wildcard above a single one. */
  everyService: (cluster: string) => `*.${cluster}.internal`,
} as const;

export const paths = {
  config: "/etc/pgharbor/current",
  data: "/var/lib/postgresql/data",
  pgdata: "/var/lib/postgresql/data/pgdata",
  etcdData: "/var/lib/etcd",
  sockets: "/run/pgharbor/sockets",
  postgresSocket: "/run/postgresql",
  /** The image has these folders, so that volumes get their owner. */
  repository: (number: number) => `/var/lib/pgbackrest/repo${number}`,
  /** A database that proves a backup, and what the last proof said. */
  proof: "/var/lib/pgproof",
  archiveSpool: "/var/spool/pgbackrest",
  haproxyAdmin: "/run/pgharbor/haproxy/admin.sock",
  poolerSocket: "/run/pgharbor/pgbouncer",
} as const;

/** Roles that the cluster creates for itself. PostgreSQL reserves the prefix `pg_`, so ours is `pgharbor_`. */
export const systemUsers = {
  superuser: "postgres",
  replication: "pgharbor_replication",
  rewind: "pgharbor_rewind",
  /** Runs only PgBouncer's auth_query. */
  poolerAuth: "pgharbor_pooler",
  /** Runs pgharbor's own SQL. Has CREATEROLE and CREATEDB. */
  admin: "pgharbor_admin",
  /** User of PgBouncer's console for hooks, watchdog and health check. It is no role of PostgreSQL. */
  poolerConsole: "pgharbor_console",
  /** Runs `pg_is_in_recovery()` through HAProxy before the poolers resume. */
  check: "pgharbor_check",
  /** User of Patroni's REST API. */
  rest: "pgharbor_rest",
  etcd: "patroni",
  etcdRoot: "root",
} as const;
export type SystemUser = keyof typeof systemUsers;

/** Environment variable with a pod's namespace. HAProxy resolves only fully qualified names. */
export const NAMESPACE_VARIABLE = "POD_NAMESPACE";
/** Placeholder for the namespace, which only a platform may know. */
export const NAMESPACE_PLACEHOLDER = "{namespace}";

/** Label keys: those of every object of a cluster, and those that tell its parts apart. */
export const labelKeys = {
  cluster: "pgharbor.cluster",
  role: "pgharbor.role",
  member: "pgharbor.member",
  gateway: "pgharbor.gateway",
  service: "pgharbor.service",
  host: "pgharbor.host",
  /** One unit that is neither a member nor a gateway. */
  unit: "pgharbor.unit",
  /** On pods whose poolers Patroni's hooks pause and resume. */
  poolers: "pgharbor.poolers",
  /** Owner of an object: random for each cluster and kept in the state, so two stacks never share one. */
  clusterUid: "pgharbor.cluster-uid",
  /** The stack that created an object, for readers only. Nothing depends on it because stacks are renamed. */
  stack: "pgharbor.stack",
} as const;

/** The role of the container with repositories, and of their volumes, which outlive their cluster. */
export const BACKUP_ROLE = "backup";

export const labels = (cluster: string, role: string, own: Record<string, string>): Record<string, string> => ({
  ...own,
  [labelKeys.cluster]: cluster,
  [labelKeys.role]: role,
});
