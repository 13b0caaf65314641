import type {
  Balance,
  HaMode,
  HbaRuleSpec,
  KubernetesServiceSpec,
  KubernetesServiceType,
  LoggingSpec,
  MemberRole,
  PoolDatabaseSpec,
  PoolMode,
  PoolSpec,
  PoolUserSpec,
} from "../spec";
import type { SystemUser } from "../names";
import type { Limits } from "../rules/connection-budget";

/** Values that exist only once the engine has made them. The one door through which secrets enter a file. */
export interface Late {
  passwords: Readonly<Record<PlannedPassword, string>>;
  /** By certificate name. */
  certificates: Readonly<Record<string, { certificate: string; privateKey: string }>>;
  caCertificate: string;
  /** PEM of the authorities that sign identities. Without the store's on Kubernetes. */
  authorities: Readonly<Partial<Record<IdentityAuthority, string>>>;
}
/** Whose password a cluster has. The superuser comes in by the socket alone, without one. */
export type PlannedPassword = Exclude<SystemUser, "superuser">;

export interface PlannedFile {
  /** Relative to `/etc/pgharbor/current`. */
  path: string;
  /** Octal as a number, for example 0o600. */
  mode: number;
  /** Holds a secret: never shown. */
  sensitive: boolean;
  /** Needs late values. The text of any other file is known, and shown, before anything exists. */
  late: boolean;
  /** Read only when the data directory is first made: a later change of its text changes nothing, and is not applied. */
  initialOnly?: boolean;
  content(late: Late): string;
}

export interface PlannedCertificate {
  /** The container it is for, and its common name. */
  name: string;
  /** `{namespace}` stands for the namespace: where a provider names it, it is known only to the platform. */
  dnsNames: string[];
  ipAddresses: string[];
}

/**
 * Who signs what a component proves itself with to others, apart from the authority that clients know: no certificate of a
 * server, and none that somebody brings along, opens the store or Patroni's REST interface.
 * `store` signs etcd alone, `members` signs members, `checks` signs what asks members how they are.
 */
export type IdentityAuthority = "store" | "members" | "checks";

/** Its certificate has no common name: etcd's JSON gateway refuses a client that has one, and would take it for a user's name. */
export interface PlannedIdentity {
  /** Unique among certificates and identities. */
  name: string;
  authority: IdentityAuthority;
  /** Of a server, to which others connect. Clients have none: etcd would look up their addresses. */
  dnsNames: string[];
  ipAddresses: string[];
}

/**
 * Docker's networks of a cluster. `clients`: gateways and whatever joins them. `members`: members and gateways. `store`: etcd
 * and members.
 */
export type NetworkRole = "clients" | "members" | "store";
export interface PlannedAttachment {
  network: NetworkRole;
  /** Names of the container there, besides its own. */
  aliases: string[];
}

export type Program = "patroni" | "haproxy" | "pgbouncer" | "etcd";
export type ImageRole = "postgres" | "gateway" | "etcd";

export interface PlannedPort {
  /** The service it belongs to. */
  service: string;
  internal: number;
  /** Absent: any free port. */
  external?: number;
  bindAddress: string;
}

/** One container of Docker, or one container of a pod. Everything a platform needs to make it. */
export interface PlannedContainer {
  /** Unique; the container's name, its host name and its certificate's name. */
  name: string;
  program: Program;
  image: ImageRole;
  /** The host it runs on. */
  host: string;
  /** On Docker. */
  networks: PlannedAttachment[];
  /** Numeric owner of its files. */
  uid: number;
  gid: number;
  files: PlannedFile[];
  volumes: PlannedMount[];
  ports: PlannedPort[];
  labels: Record<string, string>;
  /** Bytes; absent: no limit. */
  memory?: number;
  cpus?: number;
  shmSize?: number;
  /** Seconds between the stop signal and the kill. */
  stopTimeout: number;
}
export interface PlannedMount {
  volume: string;
  path: string;
  /** Data that must outlive the container: protected when `deletionProtection` is on. */
  data: boolean;
}

export interface PlannedMember {
  /** `m1`… */
  name: string;
  role: MemberRole;
  /** May be promoted. */
  electable: boolean;
  offlineQuery: boolean;
  /** As PostgreSQL's recovery_min_apply_delay takes it. */
  applyDelay?: string;
  host: string;
  /**
   * What its certificate has, and other members find it by. On Kubernetes a Service of the member's own: a new pod has a new
   * address, which DNS caches learn half a minute later, and the Service's stays.
   */
  hostname: string;
  /** The same for HAProxy's resolver, which knows no search list. */
  address: string;
  /** Its pod, for ports that the Service does not have. */
  otherAddress: string;
  /** What Patroni knows it as. */
  patroniName: string;
  tags: Record<string, string>;
}

/** When a member may serve, besides the service's own check: always, or only in one role. */
export type ServingRole = "any" | "primary" | "replica";
export interface PlannedServer {
  member: PlannedMember;
  /** Asked besides the check path: `/primary` or `/replica`. */
  whileRole: ServingRole;
  backup: boolean;
}

export interface PlannedPool {
  mode: PoolMode;
  size: number;
  reserveSize: number;
  maxDbConnections: number;
  maxClientConnections: number;
  ignoreStartupParameters: string[];
  resetAfterTransaction: boolean;
  users?: Record<string, PoolUserSpec>;
  databases?: Record<string, PoolDatabaseSpec>;
}

export interface PlannedService {
  name: string;
  /** `<cluster>-<name>` */
  fullName: string;
  port: number;
  bindAddress: string;
  /** Port of the members. */
  memberPort: number;
  /** Whether a pooler stands in front. */
  pool?: PlannedPool;
  checkPort: number;
  checkPath: string;
  checkCode: number;
  /** Serves the primary only: its pooler is paused while the primary moves. */
  followsPrimary: boolean;
  servers: PlannedServer[];
  /** Connections that a gateway lets through to one member of each side. Absent: it does not lead to Postgres. */
  limits?: Limits;
  /** Clients at once, those that wait included. */
  maxconn: number;
  balance: Balance;
  defaultServerOptions: string;
  /** Number of the socket, or before PostgreSQL 17 the port, on which HAProxy waits for its pooler. */
  poolerBackend?: number;
  /** Where its pooler listens. */
  poolerPort?: number;
  /** What the Kubernetes Service of it is made with. */
  kubernetes?: KubernetesServiceSpec;
}

/** How a pooler reaches its HAProxy. */
export type PoolerLink =
  /** A unix socket; HAProxy speaks TLS to Postgres at once (PostgreSQL 17 and later). */
  | "unix"
  /** TCP, with PgBouncer's own TLS through to Postgres (before PostgreSQL 17). */
  | "tcp";

export interface HaTimingsPlan {
  ttl: number;
  loopWait: number;
  retryTimeout: number;
  rebuildAfter: number;
}

/** What is known of a cluster by everything that is planned from it: also by a service added later. */
export interface ClusterFacts {
  name: string;
  postgresMajor: number;
  members: PlannedMember[];
  ha: HaTimingsPlan;
  haMode?: HaMode;
  drainTimeout: number;
  poolerLink: PoolerLink;
  /** `max_connections` in force. */
  maxConnections: number;
  /** Pool settings of the whole cluster, under each service's. */
  pool?: PoolSpec;
  /** Who may connect from where. */
  hba: HbaRuleSpec[];
  /** With all defaults. */
  logging: Required<LoggingSpec>;
  bindAddress: string;
  /** Free ports of the host instead of the services' own. */
  autoPorts: boolean;
  hostnames: string[];
  labels: Record<string, string>;
  gateways: number;
  platform: PlatformName;
  /** Of every service that does not say otherwise, on Kubernetes. */
  serviceType?: KubernetesServiceType;
  /** etcd host names; empty on Kubernetes. */
  etcd: string[];
  /** DNS domain of the Kubernetes cluster. */
  clusterDomain: string;
  /** On Kubernetes: where pods are besides the private networks. */
  podCidrs: string[];
  /** Where poolers listen that follow the primary: what Patroni's hooks pause and resume. */
  primaryPoolerPorts: number[];
}

export type PlatformName = "docker" | "kubernetes";

/** JSON of Patroni's dynamic configuration. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface ClusterPlan {
  facts: ClusterFacts;
  services: PlannedService[];
  /** etcd first, then members, then gateways: the order to make them in. */
  containers: PlannedContainer[];
  certificates: PlannedCertificate[];
  identities: PlannedIdentity[];
  passwords: PlannedPassword[];
  /** The document that Patroni keeps for the whole cluster. */
  dynamicConfig: { [key: string]: Json };
  /** Worth telling, not worth stopping for. */
  warnings: string[];
}

/** A service added to a running cluster: its containers and nothing of the cluster's. */
export interface ServicePlan {
  service: PlannedService;
  containers: PlannedContainer[];
  certificates: PlannedCertificate[];
  identities: PlannedIdentity[];
}
