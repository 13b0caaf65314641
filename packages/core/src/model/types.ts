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
  SyncMode,
  UriStyle,
} from "../spec";
import type { AskedService } from "./asked-services";
import type { Claim, Limits } from "./connection-budget";
import type { StoreType } from "./credentials";

export interface ResolvedMember {
  /** `m1`… */
  name: string;
  role: MemberRole;
  /** True if it may be promoted. */
  electable: boolean;
  offlineQuery: boolean;
  /** In the format of PostgreSQL's recovery_min_apply_delay. */
  applyDelay?: string;
  host: string;
  /**
   * Name in the member's certificate, and its name for other members. On Kubernetes it is a Service for this member: a new pod has a new
   * address, which DNS caches learn half a minute later, while the Service's address stays.
   */
  hostname: string;
  /** The same for HAProxy's resolver, which has no search list. */
  address: string;
  /** Address of its pod, for ports that the Service does not have. */
  otherAddress: string;
  /** Patroni's name for it. */
  patroniName: string;
  tags: Record<string, string>;
}

/** Role in which a member may serve, besides the service's own check. */
export type ServingRole = "any" | "primary" | "replica";
export interface ResolvedServer {
  member: ResolvedMember;
  /** Additional check beside the check path: `/primary` or `/replica`. */
  whileRole: ServingRole;
  backup: boolean;
}

export interface ResolvedPool {
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

export interface ResolvedService {
  name: string;
  /** `<cluster>-<name>` */
  fullName: string;
  port: number;
  bindAddress: string;
  /** Destination port on the members. */
  memberPort: number;
  /** Present if the service has a pooler. */
  pool?: ResolvedPool;
  checkPort: number;
  checkPath: string;
  checkCode: number;
  /** True if only the primary serves: the pooler is paused during a failover. */
  followsPrimary: boolean;
  servers: ResolvedServer[];
  /** What it was resolved from. */
  asked: AskedService;
  /** Its claim to the members' connections. Absent if it does not lead to Postgres. */
  claim?: Claim;
  /** Connections that a gateway allows to one member of each side. Absent if it does not lead to Postgres. */
  limits?: Limits;
  /** Maximum number of clients, including those that wait. */
  maxconn: number;
  balance: Balance;
  defaultServerOptions: string;
  /** Number of the socket, or before PostgreSQL 17 the port, on which HAProxy listens for the pooler. */
  poolerBackend?: number;
  /** The pooler's listen port. */
  poolerPort?: number;
  /** Settings of its Kubernetes Service. */
  kubernetes?: KubernetesServiceSpec;
}

/** Connection of a pooler to its HAProxy. */
export type PoolerLink =
  /** A unix socket; HAProxy opens TLS to Postgres directly (PostgreSQL 17 and later). */
  | "unix"
  /** TCP, with PgBouncer's own TLS through to Postgres (before PostgreSQL 17). */
  | "tcp";

export interface ResolvedTimings {
  ttl: number;
  loopWait: number;
  retryTimeout: number;
  rebuildAfter: number;
}

/** One repository for backups. */
export interface ResolvedRepository {
  name: string;
  /** pgBackRest's number, from 1. */
  number: number;
  storage: RepositoryVolume | ResolvedObjectStore;
  /** Continues with the backups of a former cluster. */
  reuse: boolean;
  /** Cron expressions; absent types are not taken. */
  schedule: Partial<Record<BackupType, string>> & { full: string };
  timeZone: string;
  retention: { type: "count" | "time"; full: number };
}
/** Where backups are. */
export type ResolvedStorage = ResolvedVolume | ResolvedObjectStore;
export interface ResolvedVolume {
  type: "volume";
  name: string;
}
/** The volume of a cluster's own repository. */
export interface RepositoryVolume extends ResolvedVolume {
  /** Keeps the volume when the repository is deleted. */
  retain: boolean;
  /** Bytes. Docker does not limit volumes. */
  size: number;
  storageClass?: string;
}
export interface ResolvedObjectStore {
  type: StoreType;
  /** Bucket of S3 and GCS, container of Azure. */
  bucket: string;
  /** Only of S3. */
  region?: string;
  /** Only of Azure. */
  account?: string;
  host: string;
  /** Absent: 443. */
  port?: number;
  /** Not of GCS. */
  uriStyle?: UriStyle;
  path: string;
  ca?: string;
  /** pgBackRest's name for how it gets the role of the machine or pod, where the program gives no credentials. */
  roleFrom: "auto" | "web-id";
}
/** pgBackRest's abbreviations. */
export type BackupType = "full" | "diff" | "incr";

/** Backups and the archive of WAL. */
export interface ResolvedBackups {
  /** Host name of the container with repositories and schedule. */
  host: string;
  /** pgBackRest's name for the cluster in its repositories. */
  stanza: string;
  repositories: ResolvedRepository[];
  /** Seconds. */
  recoveryPoint: number;
  /** Bytes. */
  archiveQueue: number;
  processes: number;
  /** Absent: never. */
  proof?: ResolvedProof;
}
export interface ResolvedProof {
  /** A cron expression. */
  expression: string;
  timeZone: string;
  queries: { database: string; sql: string; expected: string }[];
}

/** Backups that a new cluster starts from. */
export interface ResolvedRestore {
  /** Host name of the container that reads them. */
  host: string;
  /** The name of storage and target. */
  point: string;
  stanza: string;
  storage: ResolvedStorage;
  target: RestoreTarget;
  /** pgBackRest's label of a backup. */
  set?: string;
}
/** pgBackRest's words; `default` is the end of the archive. */
export type RestoreTarget =
  { type: "default" | "immediate" } | { type: "time" | "lsn" | "xid" | "name"; value: string };

/** A specification with all defaults, and facts derived from it. Rules, plan and files read this. */
export interface ClusterModel {
  name: string;
  platform: PlatformName;
  postgresMajor: number;
  members: ResolvedMember[];
  gateways: number;
  resources: ResolvedResources;
  ha: ResolvedTimings;
  haMode: HaMode;
  sync: SyncMode;
  /** Replicas for which a commit waits, if it waits for any. */
  syncReplicas: number;
  /** True if commits wait for replicas. */
  waitsForReplicas: boolean;
  /** Bytes that an electable replica may lag. */
  maximumLag: number;
  drainTimeout: number;
  poolerLink: PoolerLink;
  /** Postgres parameters of the tuning profile, then those of the program. */
  parameters: Record<string, string>;
  /** The effective `max_connections`. */
  maxConnections: number;
  sharedPreloadLibraries: string[];
  /** The cluster's own services, in the order requested. */
  services: ResolvedService[];
  /** Pool settings of the cluster, which a service's override. */
  pool?: PoolSpec;
  /** Client access rules. */
  hba: HbaRuleSpec[];
  /** With all defaults. */
  logging: Required<LoggingSpec>;
  /** Absent: no backups. */
  backups?: ResolvedBackups;
  /** Absent: a new cluster is empty. */
  restore?: ResolvedRestore;
  bindAddress: string;
  /** True if services get free ports of the host instead of their own. */
  autoPorts: boolean;
  hostnames: string[];
  labels: Record<string, string>;
  /** On Kubernetes. */
  annotations: Record<string, string>;
  /** Default type of Services on Kubernetes. */
  serviceType?: KubernetesServiceType;
  /** etcd host names; empty on Kubernetes. */
  etcd: string[];
  /** DNS domain of the Kubernetes cluster. */
  clusterDomain: string;
  /** On Kubernetes: pod networks besides the private ones. */
  podCidrs: string[];
  /** True if monitoring clients are configured, which only Kubernetes has. */
  monitored: boolean;
  /** Listen ports of poolers that follow the primary. Patroni's hooks pause and resume them. */
  primaryPoolerPorts: number[];
}

/** Size of each member. */
export interface ResolvedResources {
  /** Absent: no limit. */
  cpu?: number;
  /** Bytes; absent: no limit. */
  memory?: number;
  /** As written, "8GB" by default. */
  disk: string;
}

export type PlatformName = "docker" | "kubernetes";
