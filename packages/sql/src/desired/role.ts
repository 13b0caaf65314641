/**
 * One membership of a role in a group role. Only what is declared is managed; memberships of others are untouched. From PostgreSQL 16
 * on several grantors may have granted the same one: what this admin may change is made as declared, the rest is left.
 */
export interface Membership {
  /** The group role that is granted. */
  role: string;
  /** May pass the membership on. Once it may not, what it passed on ends too, unless that is declared. @default false */
  admin?: boolean;
  /** May SET ROLE to it. `false` needs PostgreSQL 16. @default true */
  set?: boolean;
  /** Has its rights without SET ROLE. `false` (and `true` against the role's own `inherit`) needs PostgreSQL 16. @default the role's inherit, whose changes it follows */
  inherit?: boolean;
}

/** What happens to a role or a database that leaves the declaration. */
export const OnDelete = { retain: "retain", drop: "drop" } as const;
export type OnDelete = (typeof OnDelete)[keyof typeof OnDelete];

/** The value of a parameter; a list for search_path and its like. */
export type ParameterValue = string | string[];

/**
 * A role as it should be. A field left out is PostgreSQL's default when the role is made and is left alone afterwards;
 * a field that was declared before and is no longer goes back to its default.
 */
export interface DesiredRole {
  name: string;
  /** The password in clear. It is compared with the stored verifier and never sent: only a new SCRAM-SHA-256 verifier is. */
  password?: string;
  /** Instead of `password`: the verifier itself, compared as text. `null`: no password. Left out: not managed. */
  passwordVerifier?: string | null;
  /** @default true (a role that is declared is a user, unless it says otherwise) */
  login?: boolean;
  /** @default false */
  superuser?: boolean;
  /** @default false */
  createdb?: boolean;
  /** @default false */
  createrole?: boolean;
  /** @default true */
  inherit?: boolean;
  /** @default false */
  replication?: boolean;
  /** @default false */
  bypassrls?: boolean;
  /** Most connections at once, -1 for no limit. @default -1 */
  connlimit?: number;
  /** When the password stops working, ISO 8601 (expire_at). `null`: never. @default never */
  validUntil?: string | null;
  /** Parameters that its sessions start with. */
  parameters?: Record<string, ParameterValue>;
  /** By database: parameters that its sessions there start with, over `parameters` and those of the database. */
  parametersIn?: Record<string, Record<string, ParameterValue>>;
  comment?: string;
  memberships?: Membership[];
  /** Take over a role of that name that exists already, instead of an error; of it only what is declared is changed. @default false */
  adopt?: boolean;
  /** When it leaves the declaration. @default drop for a role that the declaration made, retain for one that it adopted */
  onDelete?: OnDelete;
}

/** The attributes that CREATE ROLE and ALTER ROLE spell as KEYWORD or NOKEYWORD. */
export type RoleFlag = "superuser" | "createdb" | "createrole" | "inherit" | "login" | "replication" | "bypassrls";

/** Keyword and default of each flag, in the order they are written. */
export const ROLE_FLAGS: readonly { field: RoleFlag; keyword: string; default: boolean }[] = [
  { field: "login", keyword: "LOGIN", default: true },
  { field: "superuser", keyword: "SUPERUSER", default: false },
  { field: "createdb", keyword: "CREATEDB", default: false },
  { field: "createrole", keyword: "CREATEROLE", default: false },
  { field: "inherit", keyword: "INHERIT", default: true },
  { field: "replication", keyword: "REPLICATION", default: false },
  { field: "bypassrls", keyword: "BYPASSRLS", default: false },
];
