import type { BackupsSpec } from "./backups-spec";
import type { HaMode, HbaAuth, MemberRole, PublishMode, SyncMode, TuningProfile } from "./enums";
import type { KubernetesSpec } from "./kubernetes-spec";
import type { RestoreSpec } from "./restore-spec";
import type { PoolSpec, ServiceSpec } from "./service-spec";

/** Settings of one member, by member name (`m1`, `m2`, …). */
export interface MemberSettings {
  /** Role of the member. @default "replica" */
  role?: MemberRole;
  /** Replay delay of a delayed member, for example "1h". Required with the role delayed, and only allowed there. */
  applyDelay?: string;
  /** Makes a replica serve offline queries, too (`pg_offline_query`). @default false */
  offlineQuery?: boolean;
  /** The host that it runs on; the only one is "local". @default "local" */
  host?: string;
  /** Custom Patroni tags, for selectors. @default none */
  tags?: Record<string, string>;
}

/**
 * Size of each member. Sets limits and the tuning profile. A change restarts members, replicas first. On Kubernetes the values are both
 * request and limit. With less memory, members restart with the smaller parameters; with more, they restart, and restart again for
 * parameters that need it.
 */
export interface ResourcesSpec {
  /** Cores, 1–128. @default no limit, tuned for 1; on Kubernetes a request of 100m */
  cpu?: number;
  /** Memory with unit, "512MB"–"1TB". @default no limit, tuned for "1GB"; on Kubernetes a request of 256Mi */
  memory?: string;
  /**
   * Size of the data volume with unit, "8GB"–"1TB". It cannot shrink. Kubernetes grows it in place; Docker does not enforce it.
   * @default "8GB"
   */
  disk?: string;
}

/**
 * A client access rule. The first rule that matches decides; a client that no rule matches is let in with a password over TLS. A rule with
 * an address, or with `services`, is checked where the client's address is known: by PgBouncer at a pooled service, by HAProxy at a direct
 * one. HAProxy sees neither user nor database, so there such a rule must be for `all` of both. PostgreSQL checks all other rules
 * afterwards. An order in which this could differ from first-match is refused. A change reloads and applies to new connections.
 */
export interface HbaRuleSpec {
  /** Comment above the line. @default database, user and address */
  title?: string;
  /** User name, `all`, or `+role` (only with `addr: "world"` and without `services`). */
  user: string;
  /** Database name, `all` or `replication`. At a direct service a rule by address also covers replication. */
  db: string;
  /** `world` (everywhere), `intra` (private networks), or a CIDR. docs/access.md lists the client addresses that a gateway sees. */
  addr: string;
  /** Decision of the rule. @default "ssl" */
  auth?: HbaAuth;
  /**
   * Limits the rule to members of this role. Needs `addr: "world"` and no `services`: a gateway does not know the member behind it.
   * @default every member
   */
  role?: MemberRole;
  /** Limits the rule to these services of the cluster, by name. A `PgService` has the rules without `services`. @default every service */
  services?: string[];
  /** Lower comes first, 100–999; equal ones keep the order written. The cluster's own rules come before and after. @default 500 */
  order?: number;
}

/**
 * Connections and replication commands in the logs of members and gateways, for audits. PostgreSQL's lines start with time, process, host,
 * application, user and database; behind a gateway the host is HAProxy's, and the client's address is in the gateway's own line. No line
 * contains a password or a statement's values. A change reloads and applies to new connections.
 */
export interface LoggingSpec {
  /**
   * Logs accepted and refused connections in PostgreSQL, in PgBouncer, and for direct services in HAProxy, where `server=` is the host and
   * port of PostgreSQL's line. @default true
   */
  connections?: boolean;
  /** Logs the end of a connection and its duration in PostgreSQL and PgBouncer. @default true */
  disconnections?: boolean;
  /** Logs commands of replication connections: base backups, slots, streaming. @default true */
  replicationCommands?: boolean;
  /**
   * PgBouncer adds the client's address and port to `application_name`, so that `pg_stat_activity` and PostgreSQL's log show it for pooled
   * services. Costs a `SET` whenever a server connection goes to another client, see docs/pooling.md. @default false
   */
  clientInApplicationName?: boolean;
}

/** Certificates. By default pgharbor creates a certificate authority for the cluster. */
export interface TlsSpec {
  /**
   * Additional names or addresses of services for clients, included in the certificates. On Kubernetes the first that is no wildcard is the
   * host of every NodePort and LoadBalancer service, in outputs and connection strings. @default none
   */
  hostnames?: string[];
  /**
   * Validity of created certificates in days, 1–36500. An `up` renews a certificate in its last third, with a reload. The authority that
   * clients keep (`caCertificate`) is valid for ten years, or as long as the certificates if that is longer, and keeps its key when
   * renewed. With an issuer this is the requested duration, and cert-manager renews. Cannot be combined with
   * `kubernetes.certificates.secret`.
   * @default 3650; with an issuer cert-manager's 90
   */
  validityDays?: number;
}

/** Timings of failover and recovery in seconds; they override those of the HA mode. A change reloads. */
export interface HaTimings {
  /** Lifetime of the leader lease, 20–3600, at least loopWait + 2 × retryTimeout. @default from the HA mode */
  ttl?: number;
  /** Patroni's `loop_wait`, 1–3600. @default from the HA mode */
  loopWait?: number;
  /** Patroni's `retry_timeout`, 3–3600. @default from the HA mode */
  retryTimeout?: number;
  /**
   * Time that a replica may neither stream nor make any progress, 30–86400, before it is rebuilt from the primary automatically: one at a
   * time, and only while the primary answers it. The replica's data is deleted, which its log reports. 0 disables rebuilds. @default 300
   */
  rebuildAfter?: number;
}

/**
 * Images of the containers, as references that the Docker engine has, or that every Kubernetes node has or can pull. None is published:
 * `npm run images` builds those of a release. A change replaces members one at a time, the primary last, and gateways. Nodes pull only
 * missing images, so never reuse a tag for other contents.
 */
export interface ImagesSpec {
  /** Image of the members, with the same major as `postgresVersion`. @default the one in `images.json` */
  postgres?: string;
  /** Image of HAProxy and PgBouncer. @default the one in `images.json` */
  gateway?: string;
  /** Image of etcd, only on Docker. @default the one in `images.json` */
  etcd?: string;
}

/** Runs the cluster on a Docker engine. */
export interface DockerSpec {
  /** The Docker engine in DOCKER_HOST's format; must be the docker provider's engine. @default DOCKER_HOST, else the local socket */
  host?: string;
  /**
   * An existing network for gateways and supporting services. Other containers in it can connect to services, but not to members or etcd,
   * which have separate networks. A change replaces the gateways and supporting services. @default a network with the cluster's name
   */
  network?: string;
  /**
   * The host address on which services are published. `0.0.0.0` opens them to the network. A change replaces the gateways.
   * @default "127.0.0.1"
   */
  bindAddress?: string;
  /** Host ports of services. A change replaces the gateways. @default "fixed" */
  publish?: PublishMode;
  /**
   * Labels on every container, volume and network of the cluster, except those of supporting services. A change replaces containers one
   * after the other, the primary last, and clients of a gateway reconnect. Volumes and the network keep their original labels because new
   * ones would replace them. Keys that start with `pgharbor.` are refused. @default none
   */
  labels?: Record<string, string>;
  /** Docker's restart policy: `no`, `on-failure`, `always`, `unless-stopped`. Updates in place. @default "unless-stopped" */
  restartPolicy?: string;
  /** Members of the etcd that holds the leader lease: 1 or 3 (an even count has no better quorum). Cannot change. @default 1 */
  etcdMembers?: number;
}

/** Arguments of a cluster. Plain values only, because they determine the topology. */
export interface ClusterSpec {
  /** Runs the cluster on Docker. Exactly one of `docker` and `kubernetes`. */
  docker?: DockerSpec;
  /** Runs the cluster on Kubernetes. Exactly one of `docker` and `kubernetes`. */
  kubernetes?: KubernetesSpec;
  /** The PostgreSQL major: "17" or "15". Cannot change. @default "17" */
  postgresVersion?: string;
  /**
   * Number of members, 1–16. Adding one does not touch the others. A preview warns if fewer of them end quorum commits, see `sync`.
   * @default 3
   */
  members?: number;
  /** Settings by member name, `m1` to `m<members>`. @default none */
  memberSettings?: Record<string, MemberSettings>;
  /**
   * Number of gateways, 1–16, each an HAProxy and its poolers. With fixed ports Docker publishes only the first. @default 1, on Kubernetes
   * 2
   */
  gateways?: number;
  /** Size of each member. A change restarts members, replicas first. */
  resources?: ResourcesSpec;
  /** Profile for Postgres parameters computed from `resources`. A change has the effect of one of `parameters`. @default "oltp" */
  tuning?: TuningProfile;
  /** Speed of failover. A change reloads. @default "fast" */
  ha?: HaMode;
  /** Timings that override those of `ha`. A change reloads. */
  haTimings?: HaTimings;
  /** Replicas for which a commit waits. A change reloads. @default "quorum" from three members on, else "off" */
  sync?: SyncMode;
  /** Number of replicas for which a commit waits, 0–15 and below `members`. A change reloads. @default 1 */
  syncReplicas?: number;
  /**
   * Largest lag of a replica that may become primary, as a size, "0kB"–"1TB"; the commits it lacks are lost. Only with `sync` "off": if
   * commits wait for replicas, Patroni elects only replicas with every acknowledged commit, however far they lag otherwise. A change
   * reloads. @default "1MB"
   */
  maximumLagOnFailover?: string;
  /**
   * Seconds, 1–300, that a planned switchover waits for running transactions before it cuts them. A change replaces members one at a time,
   * the primary last. It reloads gateways on Docker, and replaces them one after the other on Kubernetes. @default 10
   */
  drainTimeout?: number;
  /**
   * Postgres parameters that override the tuning profile. A change reloads; for those that need a restart, replicas restart first, then the
   * primary moves. @default none
   */
  parameters?: Record<string, string>;
  /**
   * Client access rules besides the cluster's own. A change reloads. @default every user with a password may connect from everywhere that
   * services are published to
   */
  hba?: HbaRuleSpec[];
  /** Log entries for audits. `parameters` override them. A change reloads. @default connections, disconnections and replication commands */
  logging?: LoggingSpec;
  /**
   * Services besides the default ones; an entry with a default's name changes that default. Adding or removing one, another port or
   * destination, and on Kubernetes another `checkPath` of a pooled one, replace gateways one after the other, and their clients reconnect.
   * All other changes reload. A `PgService` is added and removed without replacement.
   */
  services?: ServiceSpec[];
  /** Enabled default services: primary, replica, default, offline. A change replaces gateways one after the other. @default all four */
  defaultServices?: string[];
  /** Pool settings of every pooled service. A change reloads. */
  pool?: PoolSpec;
  /**
   * Backups with pgBackRest. A change reloads; no member restarts, and transactions go on. @default none: the data has no copy outside the
   * members, and a preview warns unless `deletionProtection` is off, as for a trial
   */
  backups?: BackupsSpec;
  /** Creates the cluster from backups of another one, or of a destroyed one. @default an empty database */
  restore?: RestoreSpec;
  /** Names and validity of certificates. */
  tls?: TlsSpec;
  /** Images of the containers. A change replaces members one at a time, the primary last, and gateways. */
  images?: ImagesSpec;
  /** Extensions whose libraries are loaded at start. A change restarts members, replicas first. @default pg_stat_statements */
  sharedPreloadLibraries?: string[];
  /**
   * System identifier of a database whose every copy is lost, as given by the refused `up`: an empty database replaces it. No other
   * database is given up, so it may stay in the program. A change touches nothing that runs. @default an `up` is refused when all data is
   * lost
   */
  acceptDataLoss?: string;
}
