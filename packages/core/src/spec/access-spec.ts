/** A membership of a user in a role. */
export interface MembershipSpec {
  /** The role to be a member of. */
  name: string;
  /** May grant it on. @default false */
  admin?: boolean;
  /** May `SET ROLE` to it (PostgreSQL 16 and later). @default true */
  set?: boolean;
  /** Has its rights without `SET ROLE` (PostgreSQL 16 and later). @default the user's `inherit`, whose changes it follows */
  inherit?: boolean;
}

/** A user (a role of PostgreSQL), without its password. Every change is SQL only. */
export interface UserSpec {
  /** Letter or underscore first, then letters, digits, `_`, `$`; at most 63. Cannot change. */
  username: string;
  login?: boolean;
  superuser?: boolean;
  createdb?: boolean;
  createrole?: boolean;
  inherit?: boolean;
  replication?: boolean;
  bypassrls?: boolean;
  /** Most connections at once, -1 for no limit. @default -1 */
  connlimit?: number;
  /** Days from creation until the password expires. */
  expireIn?: number;
  /** Date on which the password expires, "2027-01-31". */
  expireAt?: string;
  /** Parameters of the user's sessions. */
  parameters?: Record<string, string>;
  /** By database: parameters of the user's sessions there. */
  parametersIn?: Record<string, Record<string, string>>;
  comment?: string;
  roles?: MembershipSpec[];
  /** May connect through the poolers. @default true */
  pooled?: boolean;
}

export interface SchemaSpec {
  name: string;
  /** @default the database's owner */
  owner?: string;
}

export interface ExtensionSpec {
  name: string;
  schema?: string;
  version?: string;
}

/** A database. Changes are SQL only, except where said. */
export interface DatabaseSpec {
  /** Letter or underscore first, then letters, digits, `_`; at most 63. Cannot change. */
  name: string;
  /** A declared user. */
  owner?: string;
  /** Cannot change. @default "template1", or template0 where the locale or encoding differs */
  template?: string;
  encoding?: string;
  locale?: string;
  lcCollate?: string;
  lcCtype?: string;
  localeProvider?: string;
  icuLocale?: string;
  tablespace?: string;
  allowConnections?: boolean;
  connlimit?: number;
  /** Take CONNECT from PUBLIC. @default true */
  revokeConnect?: boolean;
  parameters?: Record<string, string>;
  schemas?: SchemaSpec[];
  extensions?: ExtensionSpec[];
  /** SQL run once, when the database is made. */
  baseline?: string;
  /** Seconds, 1–86,400. @default 3600 */
  baselineTimeout?: number;
  comment?: string;
}

/** An existing Secret of Kubernetes with a user's password. */
export interface PasswordSecretSpec {
  name: string;
  /** @default "password" */
  key?: string;
  /** @default the cluster's */
  namespace?: string;
}
