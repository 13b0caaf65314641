/**
 * Membership of a role in a group role. Only declared ones are managed; memberships of others are untouched. From PostgreSQL 16 on several
 * grantors may have granted the same one: rows that this admin may change become as declared, the rest is left.
 */
export interface Membership {
  /** The group role. */
  role: string;
  /** Allows granting the membership to others. Removing it also revokes what the member granted, unless that is declared. @default false */
  admin?: boolean;
  /** Allows SET ROLE to it. `false` needs PostgreSQL 16. @default true */
  set?: boolean;
  /**
   * Members have the role's rights without SET ROLE. `false` (and `true` against the member's own `inherit`) needs
   * PostgreSQL 16. @default the member's `inherit`, also after a change
   */
  inherit?: boolean;
}

/** Action when a role or a database leaves the declaration. */
export const OnDelete = { retain: "retain", drop: "drop" } as const;
export type OnDelete = (typeof OnDelete)[keyof typeof OnDelete];

/** The value of a parameter; a list for search_path and similar ones. */
export type ParameterValue = string | string[];

/**
 * The desired state of a role. An omitted field gets PostgreSQL's default at creation and is left alone afterwards. A
 * field that was declared before and no longer is returns to PostgreSQL's default.
 */
export interface DesiredRole {
  /** Name of the role. Immutable. */
  name: string;
  /** The password in clear. It is compared with the stored verifier and never sent; only a new SCRAM-SHA-256 verifier is. */
  password?: string;
  /** Replaces `password`: the verifier itself, compared as text. `null`: no password. Omitted: not managed. */
  passwordVerifier?: string | null;
  /** LOGIN attribute. @default true, because declared roles are usually users */
  login?: boolean;
  /** SUPERUSER attribute. @default false */
  superuser?: boolean;
  /** CREATEDB attribute. @default false */
  createdb?: boolean;
  /** CREATEROLE attribute. @default false */
  createrole?: boolean;
  /** INHERIT attribute. @default true */
  inherit?: boolean;
  /** REPLICATION attribute. @default false */
  replication?: boolean;
  /** BYPASSRLS attribute. @default false */
  bypassrls?: boolean;
  /** Maximum number of connections, -1 for no limit. @default -1 */
  connlimit?: number;
  /** Expiry of the password in ISO 8601 (expire_at). `null`: never. @default never */
  validUntil?: string | null;
  /** Parameters of the role's sessions. */
  parameters?: Record<string, ParameterValue>;
  /** Parameters of the role's sessions in one database, by database name; they override `parameters` and the database's. */
  parametersIn?: Record<string, Record<string, ParameterValue>>;
  /** Comment on the role. @default none */
  comment?: string;
  /** Memberships in group roles. @default none */
  memberships?: Membership[];
  /** Adopts an existing role of that name, instead of an error; only declared fields are changed. @default false */
  adopt?: boolean;
  /** Action when it leaves the declaration. @default drop for a role that the declaration created, retain for one that it adopted */
  onDelete?: OnDelete;
}

/** Attributes that CREATE ROLE and ALTER ROLE write as KEYWORD or NOKEYWORD. */
export type RoleFlag = "superuser" | "createdb" | "createrole" | "inherit" | "login" | "replication" | "bypassrls";

/** Keyword and default of each flag, in the order of output. */
export const ROLE_FLAGS: readonly { field: RoleFlag; keyword: string; default: boolean }[] = [
  { field: "login", keyword: "LOGIN", default: true },
  { field: "superuser", keyword: "SUPERUSER", default: false },
  { field: "createdb", keyword: "CREATEDB", default: false },
  { field: "createrole", keyword: "CREATEROLE", default: false },
  { field: "inherit", keyword: "INHERIT", default: true },
  { field: "replication", keyword: "REPLICATION", default: false },
  { field: "bypassrls", keyword: "BYPASSRLS", default: false },
];
