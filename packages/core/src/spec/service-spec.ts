import type { Balance, PoolMode } from "./enums";
import type { KubernetesServiceSpec } from "./kubernetes-spec";

/** HAProxy settings of one service. A change reloads HAProxy; no connection is lost. */
export interface HaproxySpec {
  /**
   * Of a direct service: most connections of each gateway to one member, out of `max_connections` (docs/connections.md); who is over
   * it waits 5 seconds for one, and is then refused. Of any other: most connections at once.
   * @default of a direct service a share of max_connections, of others 3000
   */
  maxconn?: number;
  /** How a server is chosen. @default "roundrobin" */
  balance?: Balance;
  /**
   * HAProxy's `default-server` options of the service, replacing ours as a whole. A `maxconn` here lowers the service's limit, and does not raise it.
   * @default from the HA mode, for example (norm) "inter 3s fastinter 1s downinter 5s rise 3 fall 3 on-marked-down shutdown-sessions slowstart 30s weight 100"
   */
  defaultServerOptions?: string;
}

/** PgBouncer settings of one pooled service. A change reloads PgBouncer; no connection is lost. */
export interface PoolSpec {
  /** @default "transaction" */
  mode?: PoolMode;
  /** Server connections for each pair of user and database. @default 20 */
  size?: number;
  /** Further server connections for a pair that had to wait. @default 5 */
  reserveSize?: number;
  /**
   * Most server connections of this service's pool to one database, and with two for look-ups of passwords, which its gateway holds it to,
   * to all of them. @default a share of max_connections (docs/connections.md)
   */
  maxDbConnections?: number;
  /** Most client connections of this pooler. @default 3000 */
  maxClientConnections?: number;
  /**
   * Parameters that clients send when they connect and that are then ignored, `options` for all in `options=-c …`. Any other one that
   * is not the client's own (see docs/pooling.md) is refused: a `search_path` without effect would find other tables. A service's list
   * goes over the cluster's as a whole. @default none but `extra_float_digits`, which JDBC sends and which is always ignored
   */
  ignoreStartupParameters?: string[];
  /**
   * DISCARD ALL after each transaction, so that no client finds what another has SET. Measured, three of five transactions of one
   * statement each are then lost to it. Pools in mode session always have it when a client leaves. @default false
   */
  resetAfterTransaction?: boolean;
  /**
   * By user name, one without `$`. A service's settings of a user go over the cluster's, one by one. PgBouncer keeps what it
   * was told of a user until it restarts: to take settings back, leave the user there with none (`app: {}`).
   */
  users?: Record<string, PoolUserSpec>;
  /**
   * By database name. A service's settings of a database go over the cluster's, one by one. PgBouncer cuts the connections
   * to a database that is no longer named: to take settings back, leave the database there with none (`shop: {}`).
   */
  databases?: Record<string, PoolDatabaseSpec>;
}

/** PgBouncer settings of one user. A change reloads PgBouncer; no connection is lost. */
export interface PoolUserSpec {
  /** Goes over the database's, too. @default the mode of the database, else of the service */
  mode?: PoolMode;
  /** Most server connections of this user in each pooler of the service, over all databases. @default no limit */
  maxConnections?: number;
}

/** PgBouncer settings of one database. A change reloads PgBouncer; no connection is lost. */
export interface PoolDatabaseSpec {
  /** @default the mode of the service */
  mode?: PoolMode;
  /** Server connections for each user of this database, at most maxDbConnections. @default the size of the service */
  size?: number;
  /** Further server connections for a user that had to wait. @default the reserveSize of the service */
  reserveSize?: number;
}

/** All of a service but its name. */
export interface ServiceSettings {
  /** The port that clients connect to (`src_port`), 1–65535: of the host on Docker, of a Service on Kubernetes. */
  port: number;
  /**
   * Only on Docker: the address it is published on (`src_ip`), `*` for all, or one IP address. On Kubernetes say
   * `kubernetes.type` and `kubernetes.sourceRanges`.
   * @default `docker.bindAddress` of the cluster
   */
  bindAddress?: string;
  /** `postgres`, `pgbouncer` or a port number of the members (`dst_port`). @default "pgbouncer" */
  destination?: string;
  /** Only `http` (`check_method`). @default "http" */
  checkMethod?: string;
  /** `patroni` (8008), `pg_exporter` (9630) or a port number (`check_port`). @default "patroni" */
  checkPort?: string;
  /** Path of the health check (`check_url`). For reads that a commit has waited for use `/read-only-quorum`: `?lag=0` does not mean zero lag. @default "/", which is the primary */
  checkPath?: string;
  /** The HTTP status that means healthy (`check_code`). @default 200 */
  checkCode?: number;
  /**
   * JMESPath over the members. Fields: name, pg_role, pg_offline_query, host, tags. A member that may be promoted has
   * pg_role "primary" while it is the primary and "replica" while it is not. @default "[]"
   */
  selector?: string;
  /** Members that take over when no selected one is up, as JMESPath. @default none */
  selectorBackup?: string;
  haproxy?: HaproxySpec;
  /** Only with destination `pgbouncer`. */
  pool?: PoolSpec;
  /** Only on Kubernetes. */
  kubernetes?: KubernetesServiceSpec;
}

/** One service of a cluster: a port, a check that says which members may serve, and where the traffic goes. */
export interface ServiceSpec extends ServiceSettings {
  /** Unique within the cluster; the full name is `<cluster>-<name>`. Lower-case letters, digits and hyphens. */
  name: string;
}
