/** What a member is for. Given to a member by `memberSettings`; an ordinary member is a `replica` that may be promoted. */
export const MemberRole = {
  /** An ordinary member, preferred at an election. At most one member may say so. */
  Primary: "primary",
  /** An ordinary member: follows the primary and may become it. */
  Replica: "replica",
  /** Serves analytics and personal queries; never promoted, takes no replica traffic unless every replica is down. */
  Offline: "offline",
  /** Replays the log later by `applyDelay`; never promoted, takes no traffic of the default services. */
  Delayed: "delayed",
} as const;
export type MemberRole = (typeof MemberRole)[keyof typeof MemberRole];

/** How fast a lost primary is noticed, as `ttl/loop_wait/retry_timeout` of Patroni in seconds. */
export const HaMode = {
  /** 20/2/5: about 20 s for a lost node. The default. */
  Fast: "fast",
  /** 30/5/10: Patroni's usual figures, for ordinary networks. */
  Norm: "norm",
  /** 60/10/20: for networks with hiccups. */
  Safe: "safe",
  /** 120/20/30: for members that are far apart. */
  Wide: "wide",
} as const;
export type HaMode = (typeof HaMode)[keyof typeof HaMode];

/** Which replicas a commit waits for. */
export const SyncMode = {
  /** Asynchronous: a lost primary may lose the last commits. The default below three members. */
  Off: "off",
  /** Any `syncReplicas` of the replicas; falls back to asynchronous when none is there. The default from three members on. */
  Quorum: "quorum",
  /** As quorum, but writes stop when too few replicas are there. */
  Strict: "strict",
} as const;
export type SyncMode = (typeof SyncMode)[keyof typeof SyncMode];

/** Postgres parameters computed from `resources`. */
export const TuningProfile = {
  /** Many short transactions. The default. */
  Oltp: "oltp",
  /** Few large queries. */
  Olap: "olap",
  /** As oltp, with durability before speed. */
  Crit: "crit",
  /** A laptop or a test: at most one core and 2 GB. */
  Tiny: "tiny",
} as const;
export type TuningProfile = (typeof TuningProfile)[keyof typeof TuningProfile];

/** How HAProxy chooses among the servers of a service. */
export const Balance = { RoundRobin: "roundrobin", LeastConn: "leastconn" } as const;
export type Balance = (typeof Balance)[keyof typeof Balance];

/** When PgBouncer gives a server connection back to its pool. */
export const PoolMode = { Transaction: "transaction", Session: "session", Statement: "statement" } as const;
export type PoolMode = (typeof PoolMode)[keyof typeof PoolMode];

/** What a Docker platform does with the ports of services. */
export const PublishMode = {
  /** Each service on its own port of the host. The default. */
  Fixed: "fixed",
  /**
   * A free port of the host for each service, read back into the outputs: several clusters fit on one host. Docker gives a
   * container that restarts another one: fixed ports stay.
   */
  Auto: "auto",
} as const;
export type PublishMode = (typeof PublishMode)[keyof typeof PublishMode];

/** What a rule of `hba` does with whom it matches. */
export const HbaAuth = {
  /** Refuse. */
  Deny: "deny",
  /** Let in with a password (SCRAM-SHA-256) over TLS. The default. */
  Ssl: "ssl",
  /** Let in with a client certificate signed by the cluster's CA. Only at direct services: a pooler cannot pass one on. */
  Certificate: "cert",
} as const;
export type HbaAuth = (typeof HbaAuth)[keyof typeof HbaAuth];

/** How a service is reached on Kubernetes. */
export const KubernetesServiceType = {
  /** From within the Kubernetes cluster. The default. */
  ClusterIP: "ClusterIP",
  /** Also on a port of every node. */
  NodePort: "NodePort",
  /** Also by a load balancer of the cloud. */
  LoadBalancer: "LoadBalancer",
} as const;
export type KubernetesServiceType = (typeof KubernetesServiceType)[keyof typeof KubernetesServiceType];

/** Which way connections from outside take to a gateway, as Kubernetes has it. */
export const ExternalTrafficPolicy = {
  /** By any node, which stands in for the client: NetworkPolicies see the node's address. Kubernetes' own default. */
  Cluster: "Cluster",
  /** Only by nodes with a gateway of the service, with the client's own address. */
  Local: "Local",
} as const;
export type ExternalTrafficPolicy = (typeof ExternalTrafficPolicy)[keyof typeof ExternalTrafficPolicy];

/** How pods of one kind keep apart. */
export const Spread = {
  /** On different nodes where there are enough of them. The default. */
  Preferred: "preferred",
  /** On different nodes, or not at all. */
  Required: "required",
  /** Anywhere. */
  None: "none",
} as const;
export type Spread = (typeof Spread)[keyof typeof Spread];
