import type { Balance, PoolMode } from "./enums";
import type { KubernetesServiceSpec } from "./kubernetes-spec";

/** HAProxy settings of one service. A change reloads HAProxy; no connection is lost. */
export interface HaproxySpec {
  /**
   * At a direct service: maximum number of connections from each gateway to one member, out of `max_connections` (docs/connections.md). A
   * client above it waits 5 seconds, and is then refused. At any other service: maximum number of connections.
   * @default at a direct service a share of max_connections, at others 3000
   */
  maxconn?: number;
  /** Choice of a server. @default "roundrobin" */
  balance?: Balance;
  /**
   * HAProxy's `default-server` options of the service, replacing ours as a whole. A `maxconn` here can only lower the service's limit.
   * @default from the HA mode, for example (norm) "inter 3s fastinter 1s downinter 5s rise 3 fall 3 on-marked-down shutdown-sessions
   * slowstart 30s weight 100"
   */
  defaultServerOptions?: string;
}

/** PgBouncer settings of one pooled service. A change reloads PgBouncer; no connection is lost. */
export interface PoolSpec {
  /** PgBouncer's `pool_mode`. @default "transaction" */
  mode?: PoolMode;
  /** Server connections for each pair of user and database. @default 20 */
  size?: number;
  /** Additional server connections for a pair that had to wait. @default 5 */
  reserveSize?: number;
  /**
   * Maximum number of server connections of this service's pool to one database. Its gateway also limits them to this number plus two,
   * which are for password lookups, over all databases. @default a share of max_connections (docs/connections.md)
   */
  maxDbConnections?: number;
  /** Maximum number of client connections of this pooler. @default 3000 */
  maxClientConnections?: number;
  /**
   * Startup parameters of clients that PgBouncer ignores, `options` for all in `options=-c …`. Any other parameter that PgBouncer does not
   * keep for each client (see docs/pooling.md) is refused, because a `search_path` without effect would find other tables. A service's list
   * replaces the cluster's as a whole. @default none but `extra_float_digits`, which JDBC sends and which is always ignored
   */
  ignoreStartupParameters?: string[];
  /**
   * Runs DISCARD ALL after each transaction, so that no client sees another's SET. Measured with transactions of one statement, three of
   * five are lost to it. Pools in mode session always run it when a client disconnects. @default false
   */
  resetAfterTransaction?: boolean;
  /**
   * Settings by user name, which must not contain `$`. A service's settings of a user override the cluster's field by field. PgBouncer
   * keeps a user's settings until it restarts: to remove settings, keep the user with none (`app: {}`). @default none
   */
  users?: Record<string, PoolUserSpec>;
  /**
   * Settings by database name. A service's settings of a database override the cluster's field by field. PgBouncer cuts the connections to
   * a database that is no longer listed: to remove settings, keep the database with none (`shop: {}`). @default none
   */
  databases?: Record<string, PoolDatabaseSpec>;
}

/** PgBouncer settings of one user. A change reloads PgBouncer; no connection is lost. */
export interface PoolUserSpec {
  /** PgBouncer's `pool_mode` for this user, which also overrides the database's. @default the mode of the database, else of the service */
  mode?: PoolMode;
  /** Maximum number of server connections of this user in each pooler of the service, over all databases. @default no limit */
  maxConnections?: number;
}

/** PgBouncer settings of one database. A change reloads PgBouncer; no connection is lost. */
export interface PoolDatabaseSpec {
  /** PgBouncer's `pool_mode` for this database. @default the mode of the service */
  mode?: PoolMode;
  /** Server connections for each user of this database, at most maxDbConnections. @default the size of the service */
  size?: number;
  /** Additional server connections for a user that had to wait. @default the reserveSize of the service */
  reserveSize?: number;
}

/** A service without its name. */
export interface ServiceSettings {
  /** The port for clients (`src_port`), 1–65535: of the host on Docker, of a Service on Kubernetes. */
  port: number;
  /**
   * Only on Docker: the address on which it is published (`src_ip`), `*` for all, or one IP address. On Kubernetes use `kubernetes.type`
   * and `kubernetes.sourceRanges`.
   * @default `docker.bindAddress` of the cluster
   */
  bindAddress?: string;
  /** `postgres`, `pgbouncer` or a port number of the members (`dst_port`). @default "pgbouncer" */
  destination?: string;
  /** Only `http` (`check_method`). @default "http" */
  checkMethod?: string;
  /** `patroni` (8008), `pg_exporter` (9630) or a port number (`check_port`). @default "patroni" */
  checkPort?: string;
  /**
   * Path of the health check (`check_url`). For reads of every commit that waited for replicas use `/read-only-quorum`: `?lag=0` does not
   * mean zero lag. @default "/", which is the primary
   */
  checkPath?: string;
  /** HTTP status of a healthy member (`check_code`), 100–599. @default 200 */
  checkCode?: number;
  /**
   * JMESPath over the members. Fields: name, pg_role, pg_offline_query, host, tags. A member that may be promoted has pg_role "primary"
   * while it is the primary and "replica" while it is not. @default "[]"
   */
  selector?: string;
  /** JMESPath for members that serve when no selected one is up. @default none */
  selectorBackup?: string;
  /** HAProxy settings. A change reloads HAProxy. */
  haproxy?: HaproxySpec;
  /** PgBouncer settings, only with destination `pgbouncer`. */
  pool?: PoolSpec;
  /** Settings of the Kubernetes Service, only on Kubernetes. */
  kubernetes?: KubernetesServiceSpec;
}

/** One service of a cluster: a port, a health check that selects members, and a destination. */
export interface ServiceSpec extends ServiceSettings {
  /** Unique within the cluster; the full name is `<cluster>-<name>`. Lower-case letters, digits and hyphens. */
  name: string;
}
