/** Membership of a user in a role. */
export interface MembershipSpec {
  /** The role of which the user becomes a member. */
  name: string;
  /** Allows granting the membership to others. @default false */
  admin?: boolean;
  /** Allows `SET ROLE` to it (PostgreSQL 16 and later). @default true */
  set?: boolean;
  /** Gives its rights without `SET ROLE` (PostgreSQL 16 and later). @default the user's `inherit`, whose changes it follows */
  inherit?: boolean;
}

/** Attributes of a user (a role of PostgreSQL). Every change is SQL only. */
export interface UserAttributes {
  /** Allows the user to log in. @default true */
  login?: boolean;
  /** Only on an `ExternalPostgres` whose admin is superuser: on a cluster a preview refuses it. @default false */
  superuser?: boolean;
  /** Allows the user to create databases. @default false */
  createdb?: boolean;
  /** Allows the user to create roles. @default false */
  createrole?: boolean;
  /** Gives the user the rights of its roles without `SET ROLE`. @default true */
  inherit?: boolean;
  /** Allows replication connections; poolers never let such a user in. On a cluster from PostgreSQL 16 on. @default false */
  replication?: boolean;
  /** Exempts the user from row security. On a cluster from PostgreSQL 16 on. @default false */
  bypassrls?: boolean;
  /** Maximum number of connections, -1 for no limit. @default -1 */
  connlimit?: number;
  /** Date on which the password expires, "2027-01-31". Cannot be combined with `expireIn`. @default never */
  expireAt?: string;
  /**
   * Parameters of the user's sessions. On a cluster those that anybody may set for a session, and superusers' parameters of logging and
   * statistics (`log_statement`, `log_min_duration_statement`, `temp_file_limit`, …); a preview refuses the others. @default none
   */
  parameters?: Record<string, string>;
  /**
   * Parameters of the user's sessions in one database, by database name. They go over `parameters` and over those of the database. The
   * database must exist when the user is created: declare it before the user, or both in one `PgAccess`. A parameter that leaves the
   * program is reset; one that the program does not name is not touched. @default none
   */
  parametersIn?: Record<string, Record<string, string>>;
  /** Comment on the role. @default none */
  comment?: string;
  /**
   * Memberships in roles, including PostgreSQL's own (`pg_monitor`, `pg_read_all_data`, …). On a cluster a preview refuses those that are
   * as good as superuser: `pg_execute_server_program`, `pg_read_server_files`, `pg_write_server_files`. @default none
   */
  roles?: MembershipSpec[];
  /**
   * Allows connections through the poolers; false leaves the direct services. Only on a `PostgresCluster`. Poolers ask at each new
   * connection: existing ones continue. @default true
   */
  pooled?: boolean;
}

/** A user without its password. */
export interface UserSpec extends UserAttributes {
  /** Letter or underscore first, then letters, digits, `_`, `$`; at most 63. Cannot change. */
  username: string;
  /** Days from creation until the password expires. Cannot be combined with `expireAt`. @default never */
  expireIn?: number;
}

/** A schema of a database. One that is removed from the list stays in the database. */
export interface SchemaSpec {
  /** Letter or underscore first, then letters, digits, `_`, `$`; at most 63; not `pg_…` or `information_schema`. */
  name: string;
  /** @default the database's owner */
  owner?: string;
}

/** An extension of a database. One that is removed from the list stays in the database. */
export interface ExtensionSpec {
  /** Name of the extension, such as "vector". */
  name: string;
  /** Schema of its objects. @default the schema that the extension requires, else public */
  schema?: string;
  /** A change updates the extension. @default the server's newest when it is created; never updated afterwards */
  version?: string;
}

/** Attributes of a database. Changes are SQL only, unless noted. */
export interface DatabaseAttributes {
  /** Cannot change. @default "template1", or "template0" if `encoding` or a locale field is given */
  template?: string;
  /** Cannot change; another spelling is no change. @default the template's, on a cluster "UTF8" */
  encoding?: string;
  /** Collation and character type in one. Cannot change; another spelling is no change. @default the template's */
  locale?: string;
  /** Overrides `locale` for the collation. Cannot change; another spelling is no change. @default `locale` */
  lcCollate?: string;
  /** Overrides `locale` for the character type. Cannot change; another spelling is no change. @default `locale` */
  lcCtype?: string;
  /** `libc`, `icu`, or from PostgreSQL 17 on `builtin`. Cannot change. @default the template's */
  localeProvider?: string;
  /** ICU locale, required with and only allowed with localeProvider `icu`. Cannot change; another spelling is no change. */
  icuLocale?: string;
  /** A change moves the files while nobody may be connected. @default the template's */
  tablespace?: string;
  /** Allows connections to the database. @default true */
  allowConnections?: boolean;
  /** Maximum number of connections, -1 for no limit. @default -1 */
  connlimit?: number;
  /** Revokes CONNECT from PUBLIC. @default true */
  revokeConnect?: boolean;
  /** Parameters of sessions in the database; on a cluster with the limits of a user's `parameters`. @default none */
  parameters?: Record<string, string>;
  /** Schemas to create. @default none */
  schemas?: SchemaSpec[];
  /** Extensions to create. A cluster refuses those that only a superuser can install. @default none */
  extensions?: ExtensionSpec[];
  /** SQL that runs once, in one transaction, when the database is created, with the rights of `owner`. @default none */
  baseline?: string;
  /**
   * Seconds that `baseline` may take, 1–86,400. One that takes longer is ended and leaves nothing, with an error; all other changes of
   * the server's users and databases wait for it. @default 3600
   */
  baselineTimeout?: number;
  /** Comment on the database. @default none */
  comment?: string;
}

/** A database with its name and owner. */
export interface DatabaseSpec extends DatabaseAttributes {
  /** Letter or underscore first, then letters, digits, `_`; at most 63. Cannot change. */
  name: string;
  /** A declared user. @default the admin user */
  owner?: string;
}

/** An existing Kubernetes Secret with a user's password. */
export interface PasswordSecretSpec {
  /** Name of the Secret. */
  name: string;
  /** Key of the password in the Secret. @default "password" */
  key?: string;
  /** Namespace of the Secret. @default the cluster's */
  namespace?: string;
}
