/** Role of a member, set in `memberSettings`. An ordinary member is a `replica` that may be promoted. */
export const MemberRole = {
  /** An ordinary member that is preferred in elections. At most one member may have this role. */
  Primary: "primary",
  /** An ordinary member: follows the primary and may replace it. */
  Replica: "replica",
  /** Serves analytics and personal queries. Never promoted; takes replica traffic only when every replica is down. */
  Offline: "offline",
  /** Replays the WAL later by `applyDelay`. Never promoted; takes no traffic of the default services. */
  Delayed: "delayed",
} as const;
export type MemberRole = (typeof MemberRole)[keyof typeof MemberRole];

/** Speed of failover, as Patroni's `ttl/loop_wait/retry_timeout` in seconds. */
export const HaMode = {
  /** 20/2/5: about 20 s for a lost node. The default. */
  Fast: "fast",
  /** 30/5/10: Patroni's usual values, for ordinary networks. */
  Norm: "norm",
  /** 60/10/20: for unstable networks. */
  Safe: "safe",
  /** 120/20/30: for distant members. */
  Wide: "wide",
} as const;
export type HaMode = (typeof HaMode)[keyof typeof HaMode];

/** Replicas for which a commit waits. */
export const SyncMode = {
  /** Asynchronous: a lost primary may lose the last commits. The default below three members. */
  Off: "off",
  /** Any `syncReplicas` of the replicas; asynchronous when no replica is available. The default from three members on. */
  Quorum: "quorum",
  /** Like quorum, but writes stop when too few replicas are available. */
  Strict: "strict",
} as const;
export type SyncMode = (typeof SyncMode)[keyof typeof SyncMode];

/** Profiles for Postgres parameters computed from `resources`. */
export const TuningProfile = {
  /** Many short transactions. The default. */
  Oltp: "oltp",
  /** Few large queries. */
  Olap: "olap",
  /** Like oltp, with durability before speed. */
  Crit: "crit",
  /** For a laptop or a test: at most one core and 2 GB. */
  Tiny: "tiny",
} as const;
export type TuningProfile = (typeof TuningProfile)[keyof typeof TuningProfile];

/** HAProxy's algorithm for choosing a server of a service. */
export const Balance = {
  /** Each server in turn. The default. */
  RoundRobin: "roundrobin",
  /** The server with the fewest connections. */
  LeastConn: "leastconn",
} as const;
export type Balance = (typeof Balance)[keyof typeof Balance];

/** Time at which PgBouncer returns a server connection to its pool. */
export const PoolMode = {
  /** After each transaction. The default. */
  Transaction: "transaction",
  /** When the client disconnects. */
  Session: "session",
  /** After each statement; transactions of several statements are refused. */
  Statement: "statement",
} as const;
export type PoolMode = (typeof PoolMode)[keyof typeof PoolMode];

/** Host ports of services on Docker. */
export const PublishMode = {
  /** Each service on its own port of the host. The default. */
  Fixed: "fixed",
  /**
   * A free port of the host for each service, read back into the outputs, so that several clusters fit on one host. Docker assigns another
   * port when a container restarts; fixed ports stay.
   */
  Auto: "auto",
} as const;
export type PublishMode = (typeof PublishMode)[keyof typeof PublishMode];

/** Decision of an `hba` rule for matching clients. */
export const HbaAuth = {
  /** Refuse. */
  Deny: "deny",
  /** Allow with a password (SCRAM-SHA-256) over TLS. The default. */
  Ssl: "ssl",
  /** Allow with a client certificate signed by the cluster's CA. Only at direct services, because a pooler cannot forward one. */
  Certificate: "cert",
} as const;
export type HbaAuth = (typeof HbaAuth)[keyof typeof HbaAuth];

/** Type of a service's Kubernetes Service. */
export const KubernetesServiceType = {
  /** Reachable within the Kubernetes cluster. The default. */
  ClusterIP: "ClusterIP",
  /** Also on a port of every node. */
  NodePort: "NodePort",
  /** Also through the cloud's load balancer. */
  LoadBalancer: "LoadBalancer",
} as const;
export type KubernetesServiceType = (typeof KubernetesServiceType)[keyof typeof KubernetesServiceType];

/** Kubernetes' policy for external traffic to a gateway. */
export const ExternalTrafficPolicy = {
  /** Through any node, which replaces the client's address: NetworkPolicies see the node's address. Kubernetes' own default. */
  Cluster: "Cluster",
  /** Only through nodes with a gateway of the service. Keeps the client's own address. */
  Local: "Local",
} as const;
export type ExternalTrafficPolicy = (typeof ExternalTrafficPolicy)[keyof typeof ExternalTrafficPolicy];

/** Distribution of pods of one kind over nodes. */
export const Spread = {
  /** On different nodes if there are enough. The default. */
  Preferred: "preferred",
  /** Only on different nodes; surplus pods stay pending. */
  Required: "required",
  /** On any nodes. */
  None: "none",
} as const;
export type Spread = (typeof Spread)[keyof typeof Spread];

/** Where requests to an object store name the bucket or account. */
export const UriStyle = {
  /** `<bucket>.<endpoint>` */
  Host: "host",
  /** `<endpoint>/<bucket>` */
  Path: "path",
} as const;
export type UriStyle = (typeof UriStyle)[keyof typeof UriStyle];
