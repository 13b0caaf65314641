/** Every name, path and label, in one place. Tests prove them unique and valid. */
import { createHash } from "node:crypto";

export const memberNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i + 1}`);

export const names = {
  /** Where gateways are, and what joins the cluster. The dot of the others is in no cluster's name. */
  network: (cluster: string) => cluster,
  membersNetwork: (cluster: string) => `${cluster}.members`,
  storeNetwork: (cluster: string) => `${cluster}.store`,
  member: (cluster: string, member: string) => `${cluster}-${member}`,
  memberVolume: (cluster: string, member: string) => `${cluster}-${member}-data`,
  etcd: (cluster: string, index: number) => `${cluster}-etcd-${index}`,
  etcdVolume: (cluster: string, index: number) => `${cluster}-etcd-${index}-data`,
  haproxy: (cluster: string, gateway: number) => `${cluster}-haproxy-${gateway}`,
  pooler: (cluster: string, gateway: number, service: string) => `${cluster}-pooler-${gateway}-${service}`,
  sockets: (cluster: string, gateway: number) => `${cluster}-sockets-${gateway}`,
  /** The containers of a service that was added to a running cluster. */
  serviceHaproxy: (cluster: string, service: string) => `${cluster}-${service}-haproxy`,
  servicePooler: (cluster: string, service: string) => `${cluster}-${service}-pooler`,
  serviceSockets: (cluster: string, service: string) => `${cluster}-${service}-sockets`,
  service: (cluster: string, service: string) => `${cluster}-${service}`,
  /** On Kubernetes: the headless Service of the members, the gateways, and those of one service that was added later. */
  members: (cluster: string) => `${cluster}-members`,
  gateway: (cluster: string) => `${cluster}-gateway`,
  serviceGateway: (cluster: string, service: string) => `${cluster}-${service}-gateway`,
  /** On Kubernetes a container of a gateway's pod. */
  gatewayHaproxy: (gateway: string) => `${gateway}-haproxy`,
  gatewayPooler: (gateway: string, service: string) => `${gateway}-pooler-${service}`,
  /**
   * Of a pooler's port in a pod, for Services and policies: numbers are shared out anew when a service comes or goes, and
   * pods follow one by one. Kubernetes takes 15 characters, and no two hyphens together.
   */
  poolerPort: (service: string) =>
    service.length <= 15 && !service.includes("--")
      ? service
      : `pool-${createHash("sha256").update(service).digest("hex").slice(0, 10)}`,
  /** What a container proves itself with to other parts of the cluster. */
  identity: (container: string) => `${container}-identity`,
  /** On Kubernetes: the Secret with what monitoring asks members with. */
  monitoring: (cluster: string) => `${cluster}-monitoring`,
  /** The Secret with a container's certificate, where an issuer makes it. */
  issuedSecret: (container: string) => `${container}-tls`,
  /** Pods of a StatefulSet have a number. */
  memberPod: (cluster: string, member: string) => `${cluster}-${member}-0`,
  /** One instance of a supporting service. No other container's name ends in a host's. */
  supportingService: (cluster: string, service: string, host: string) => `${cluster}-${service}-${host}`,
} as const;

/** On Kubernetes: the ConfigMaps that Patroni keeps the state of a cluster in. */
export const patroniConfigMaps = (cluster: string) => ({
  config: `${cluster}-config`,
  failover: `${cluster}-failover`,
  failsafe: `${cluster}-failsafe`,
  leader: `${cluster}-leader`,
  sync: `${cluster}-sync`,
});

/** DNS names with several addresses, inside the cluster's network. They start with the cluster: networks may be shared. */
export const aliases = {
  /** Poolers of services that follow the primary: what Patroni's hooks pause and resume. */
  poolers: (cluster: string) => `${cluster}-poolers`,
  /** Every HAProxy of the gateways. */
  haproxy: (cluster: string) => `${cluster}-haproxy`,
  /** One service, from inside the cluster's network. */
  service: (cluster: string, service: string) => `${service}.${cluster}.internal`,
  /** Covers every service, also those that come later. Two labels: OpenSSL refuses a wildcard above one. */
  everyService: (cluster: string) => `*.${cluster}.internal`,
} as const;

export const paths = {
  config: "/etc/pgharbor/current",
  data: "/var/lib/postgresql/data",
  pgdata: "/var/lib/postgresql/data/pgdata",
  etcdData: "/var/lib/etcd",
  sockets: "/run/pgharbor/sockets",
  postgresSocket: "/run/postgresql",
  haproxyAdmin: "/run/pgharbor/haproxy/admin.sock",
  poolerSocket: "/run/pgharbor/pgbouncer",
} as const;

/** Roles that the cluster makes for itself. `pg_` is PostgreSQL's own prefix, so ours is `pgharbor_`. */
export const systemUsers = {
  superuser: "postgres",
  replication: "pgharbor_replication",
  rewind: "pgharbor_rewind",
  /** Runs PgBouncer's auth_query and nothing else. */
  poolerAuth: "pgharbor_pooler",
  /** What pgharbor's own SQL runs as: CREATEROLE and CREATEDB. */
  admin: "pgharbor_admin",
  /** PgBouncer's console: hooks, watchdog and health check; no role of PostgreSQL. */
  poolerConsole: "pgharbor_console",
  /** Asks `pg_is_in_recovery()` through HAProxy before the poolers resume. */
  check: "pgharbor_check",
  /** Patroni's REST interface. */
  rest: "pgharbor_rest",
  etcd: "patroni",
  etcdRoot: "root",
} as const;
export type SystemUser = keyof typeof systemUsers;

/** The name of a pod's namespace in the pod's environment: HAProxy resolves only whole names. */
export const NAMESPACE_VARIABLE = "POD_NAMESPACE";
/** Stands for the namespace where only a platform knows it. */
export const NAMESPACE_PLACEHOLDER = "{namespace}";

/** Keys of the labels that everything of a cluster has, and of those that tell its parts from each other. */
export const labelKeys = {
  cluster: "pgharbor.cluster",
  role: "pgharbor.role",
  member: "pgharbor.member",
  gateway: "pgharbor.gateway",
  service: "pgharbor.service",
  host: "pgharbor.host",
  /** Of pods whose poolers Patroni's hooks pause and resume. */
  poolers: "pgharbor.poolers",
  /** Whose an object is: drawn once for each cluster and kept in the state, so two stacks never share one. */
  clusterUid: "pgharbor.cluster-uid",
  /** The stack that made it, in words for a person. Nothing is decided by it: stacks are renamed. */
  stack: "pgharbor.stack",
} as const;

export const labels = (cluster: string, role: string, own: Record<string, string>): Record<string, string> => ({
  ...own,
  [labelKeys.cluster]: cluster,
  [labelKeys.role]: role,
});
