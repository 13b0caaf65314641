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
} from "../spec";
import type { Limits } from "./connection-budget";

export interface ResolvedMember {
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
export interface ResolvedServer {
  member: ResolvedMember;
  /** Asked besides the check path: `/primary` or `/replica`. */
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
  /** Port of the members. */
  memberPort: number;
  /** Whether a pooler stands in front. */
  pool?: ResolvedPool;
  checkPort: number;
  checkPath: string;
  checkCode: number;
  /** Serves the primary only: its pooler is paused while the primary moves. */
  followsPrimary: boolean;
  servers: ResolvedServer[];
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

export interface ResolvedTimings {
  ttl: number;
  loopWait: number;
  retryTimeout: number;
  rebuildAfter: number;
}

/** What a specification means: each default filled in, and what follows from it. Rules, plan and files read this. */
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
  /** Replicas that a commit waits for, where it waits for any. */
  syncReplicas: number;
  /** Whether commits wait for replicas. */
  waitsForReplicas: boolean;
  /** Bytes that a replica may be behind and still be elected. */
  maximumLag: number;
  drainTimeout: number;
  poolerLink: PoolerLink;
  /** Parameters of Postgres: from the tuning profile and the person, in that order. */
  parameters: Record<string, string>;
  /** `max_connections` in force. */
  maxConnections: number;
  sharedPreloadLibraries: string[];
  /** The cluster's own services, in the order asked for. */
  services: ResolvedService[];
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
  /** On Kubernetes. */
  annotations: Record<string, string>;
  /** Of every service that does not say otherwise, on Kubernetes. */
  serviceType?: KubernetesServiceType;
  /** etcd host names; empty on Kubernetes. */
  etcd: string[];
  /** DNS domain of the Kubernetes cluster. */
  clusterDomain: string;
  /** On Kubernetes: where pods are besides the private networks. */
  podCidrs: string[];
  /** Whether somebody is let in to ask for metrics: only on Kubernetes a person names who. */
  monitored: boolean;
  /** Where poolers listen that follow the primary: what Patroni's hooks pause and resume. */
  primaryPoolerPorts: number[];
}

/** Size of each member. */
export interface ResolvedResources {
  /** Absent: no limit. */
  cpu?: number;
  /** Bytes; absent: no limit. */
  memory?: number;
  /** As it was written, "8GB" by default. */
  disk: string;
}

export type PlatformName = "docker" | "kubernetes";
