import type { HaMode, HbaAuth, MemberRole, PublishMode, SyncMode, TuningProfile } from "./enums";
import type { KubernetesSpec } from "./kubernetes-spec";
import type { PoolSpec, ServiceSpec } from "./service-spec";

/** Settings of one member, by its name (`m1`, `m2`, …). */
export interface MemberSettings {
  /** @default "replica" */
  role?: MemberRole;
  /** How much later a delayed member replays, for example "1h". Only and always with the role delayed. */
  applyDelay?: string;
  /** A replica that also takes offline queries (`pg_offline_query`). @default false */
  offlineQuery?: boolean;
  /** The host it runs on. @default "local" */
  host?: string;
  /** Patroni tags of one's own, for selectors. */
  tags?: Record<string, string>;
}

/**
 * Size of each member. Drives limits and the tuning profile. A change restarts members, replicas first. On Kubernetes what is
 * given is request and limit at once. With less memory members start with the parameters for it; with more they start, and start
 * again with those that need it.
 */
export interface ResourcesSpec {
  /** Cores, 1–128. @default no limit, and tuned for 1; on Kubernetes a request of 100m */
  cpu?: number;
  /** With unit, "512MB"–"1TB". @default no limit, and tuned for "1GB"; on Kubernetes a request of 256Mi */
  memory?: string;
  /** Size of the data volume with unit, "8GB"–"1TB"; it cannot shrink. Kubernetes grows it in place, Docker does not enforce it. @default "8GB" */
  disk?: string;
}

/**
 * Who may connect from where. The first rule that matches decides; whom none matches is let in with a password over TLS.
 * A rule with an address, or with `services`, is checked where the client's address is known: by PgBouncer at a pooled service,
 * by HAProxy at a direct one. HAProxy sees no user and no database, so there such a rule must be for `all` of both. Every
 * other rule is checked by PostgreSQL, after that. An order in which this could differ from "the first one decides" is refused.
 * A change reloads and holds for new connections.
 */
export interface HbaRuleSpec {
  /** Comment above the line. */
  title?: string;
  /** User name, `all`, or `+role` (only with `addr: "world"` and without `services`). */
  user: string;
  /** Database name, `all` or `replication`. At a direct service a rule by address is for replication, too. */
  db: string;
  /** `world` (everywhere), `intra` (private networks), or a CIDR. What a gateway sees of a client: docs/access.md. */
  addr: string;
  /** @default "ssl" */
  auth?: HbaAuth;
  /** Only on members of this role. Needs `addr: "world"` and no `services`: a gateway does not know which member it leads to. @default every member */
  role?: MemberRole;
  /** Only at these services of the cluster, by name. A `PgService` has the rules without it. @default every service */
  services?: string[];
  /** Lower comes first, 100–999; equal ones in the order written. The cluster's own rules are around them. @default 500 */
  order?: number;
}

/**
 * What members and gateways write into their logs for a review. PostgreSQL's lines have time, process, host, application, user
 * and database in front; behind a gateway the host is HAProxy's, and the client's address is in the gateway's own line. Nothing
 * of it holds a password or a value of a statement. A change reloads; it holds for new connections.
 */
export interface LoggingSpec {
  /**
   * Who connects, and is refused: a line in PostgreSQL's log, in PgBouncer's, and in HAProxy's for direct services, where
   * `server=` is the address and port that PostgreSQL's line has as host and port. @default true
   */
  connections?: boolean;
  /** Who leaves, after how long: a line in PostgreSQL's log and in PgBouncer's. @default true */
  disconnections?: boolean;
  /** Commands of replication connections: base backups, slots, streaming. @default true */
  replicationCommands?: boolean;
  /**
   * PgBouncer adds the client's address and port to `application_name`, so that `pg_stat_activity` and PostgreSQL's log show it
   * for pooled services. Costs a `SET` whenever a server connection goes to another client: see docs/pooling.md. @default false
   */
  clientInApplicationName?: boolean;
}

/** Certificates. By default a certificate authority is made for the cluster. */
export interface TlsSpec {
  /**
   * Further names or addresses under which clients reach services, put into the certificates. On Kubernetes the first that is no
   * wildcard is the host of every NodePort and LoadBalancer service, in outputs and connection strings.
   */
  hostnames?: string[];
  /**
   * Days a made certificate is valid, 1–36500; it is renewed by an `up` in its last third, with a reload. The authority that clients
   * keep (`caCertificate`) lives ten years, or as long as the certificates where that is longer, and keeps its key when it is renewed.
   * Of an issuer's certificates, which cert-manager renews, what is asked for. Refused beside `kubernetes.certificates.secret`.
   * @default 3650; of an issuer cert-manager's 90
   */
  validityDays?: number;
}

/** Timings of failover and recovery, in seconds, over those of the HA mode. A change reloads. */
export interface HaTimings {
  /** Life of the leader's lease, at least 20 and at least loopWait + 2 × retryTimeout. */
  ttl?: number;
  /** @default by mode */
  loopWait?: number;
  /** @default by mode */
  retryTimeout?: number;
  /**
   * How long a replica may neither stream nor make any progress, 30–86400, before it is made anew from the primary by itself: one at
   * a time, and only while the primary answers it. What it had is deleted; its log says so. 0 leaves it to a person. @default 300
   */
  rebuildAfter?: number;
}

/**
 * The images that containers are made of, as references that the Docker engine has, or that every node of Kubernetes has or can
 * pull. None is published: `npm run images` builds those of a release. A change replaces members one at a time, the primary last,
 * and gateways. Nodes pull only what they lack, so never use a tag for other contents.
 */
export interface ImagesSpec {
  /** Of the same major as `postgresVersion`. @default that of `images.json` */
  postgres?: string;
  /** @default that of `images.json` */
  gateway?: string;
  /** On Docker only. @default that of `images.json` */
  etcd?: string;
}

/** Runs the cluster on a Docker engine. */
export interface DockerSpec {
  /** The Docker engine, as DOCKER_HOST has it; the same one as the docker provider uses. @default DOCKER_HOST, else the local socket */
  host?: string;
  /**
   * An existing network for gateways and supporting services: what else is in it reaches services, and neither members nor etcd, which
   * have networks of their own. Changing it replaces the gateways and supporting services. @default a network named like the cluster
   */
  network?: string;
  /** The host address that services are published on. `0.0.0.0` opens them to the network. Replaces the gateways. @default "127.0.0.1" */
  bindAddress?: string;
  /** Replaces the gateways. @default "fixed" */
  publish?: PublishMode;
  /**
   * Labels on every container, volume and network. A change replaces containers one after the other as another image does, the primary
   * last: clients of a gateway connect again. Volumes and the network keep the labels that they were made with, for they could only
   * be replaced. Keys that start with `pgharbor.` are refused. @default none
   */
  labels?: Record<string, string>;
  /** Docker's restart policy: `no`, `on-failure`, `always`, `unless-stopped`. Updates in place. @default "unless-stopped" */
  restartPolicy?: string;
  /** Members of the etcd that holds the leader lease: 1 or 3 (an even count has no better quorum). @default 1 */
  etcdMembers?: number;
}

/** What a person may ask of one cluster. Plain values only: they decide the topology. */
export interface ClusterSpec {
  /** Exactly one of `docker` and `kubernetes`. */
  docker?: DockerSpec;
  kubernetes?: KubernetesSpec;
  /** The PostgreSQL major: "17" or "15". Cannot change. @default "17" */
  postgresVersion?: string;
  /** 1–16. Adding one touches no other. A preview warns where fewer of them end quorum commits, see `sync`. @default 3 */
  members?: number;
  /** Settings by member name, `m1` to `m<members>`. */
  memberSettings?: Record<string, MemberSettings>;
  /** Gateways in front, each an HAProxy and its poolers. Only the first is published by Docker with fixed ports. @default 1, on Kubernetes 2 */
  gateways?: number;
  resources?: ResourcesSpec;
  /** @default "oltp" */
  tuning?: TuningProfile;
  /** @default "fast" */
  ha?: HaMode;
  haTimings?: HaTimings;
  /** @default "quorum" from three members on, else "off" */
  sync?: SyncMode;
  /** Replicas that a commit waits for, 0–15 and below `members`. @default 1 */
  syncReplicas?: number;
  /**
   * How far behind a replica may be and still become primary, as a size, "0kB"–"1TB": what it lacks is lost. Only with `sync` "off"; where
   * commits wait for replicas, only those are elected that have everything that was acknowledged, however far they are behind
   * with the rest. A change reloads. @default "1MB"
   */
  maximumLagOnFailover?: string;
  /** Longest wait for running transactions before a planned move cuts them, in seconds, 1–300. A change restarts gateways and members, the primary last. @default 10 */
  drainTimeout?: number;
  /** Postgres parameters over the tuning profile. Reloads; those that need a restart restart replicas first, then move the primary. */
  parameters?: Record<string, string>;
  /** Who may connect from where, besides the cluster's own rules. Reloads. @default whoever has a password, from everywhere that services are published to */
  hba?: HbaRuleSpec[];
  /** What is logged for a review. Reloads. `parameters` go over it. @default connections, disconnections and replication commands */
  logging?: LoggingSpec;
  /**
   * Services besides the default ones; one with a default's name changes that default. One more or less, another port or destination,
   * and on Kubernetes another `checkPath` of a pooled one, replace gateways one after the other: their clients connect again. All else
   * reloads. A `PgService` comes and goes without that.
   */
  services?: ServiceSpec[];
  /** Which of primary, replica, default, offline exist. @default all four */
  defaultServices?: string[];
  /** Pool settings of every pooled service. */
  pool?: PoolSpec;
  tls?: TlsSpec;
  images?: ImagesSpec;
  /** Extensions whose libraries are loaded at start. A change restarts members, replicas first. @default pg_stat_statements */
  sharedPreloadLibraries?: string[];
  /**
   * System identifier of a database whose every copy is lost, as the refused `up` names it: an empty database takes its place. It
   * gives up no other one, so it may stay in the program. Changes nothing that runs. @default an `up` is refused where all data are lost
   */
  acceptDataLoss?: string;
}
