/** Who is connected, to what. */
export interface ServerInfo {
  /** server_version_num, such as 170010. */
  version: number;
  admin: string;
  superuser: boolean;
  createrole: boolean;
  createdb: boolean;
}

/** A role as the catalog has it. */
export interface CatalogRole {
  name: string;
  login: boolean;
  superuser: boolean;
  createdb: boolean;
  createrole: boolean;
  inherit: boolean;
  replication: boolean;
  bypassrls: boolean;
  connlimit: number;
  /** ISO 8601 in UTC, null: for ever. */
  validUntil: string | null;
  /** rolpassword; null: none; undefined: this admin may not read it. */
  verifier?: string | null;
  comment: string | null;
  parameters: Record<string, string>;
  /** The same in one database alone, by its name. */
  parametersIn: Record<string, Record<string, string>>;
  /** Whether the admin has its rights already (superuser, or a member that inherits and may SET ROLE). */
  adminHasIt: boolean;
}

/** One row of pg_auth_members; since PostgreSQL 16 there can be several of one pair, by grantor. */
export interface CatalogMembership {
  role: string;
  member: string;
  grantor: string;
  admin: boolean;
  inherit: boolean;
  set: boolean;
  /** Whether this admin may change or revoke it: what a grantor granted, only those with the grantor's rights may. */
  reachable: boolean;
}

/** A database as the catalog has it. */
export interface CatalogDatabase {
  name: string;
  /** Undefined: about to be made. */
  oid?: number;
  isTemplate?: boolean;
  owner: string;
  encoding: string;
  collate: string;
  ctype: string;
  /** libc, icu or builtin. */
  provider: string;
  /** The ICU or builtin locale. */
  locale: string | null;
  tablespace: string;
  allowConnections: boolean;
  connlimit: number;
  comment: string | null;
  parameters: Record<string, string>;
  /** Whether PUBLIC may connect. */
  publicConnect: boolean;
  adminCanConnect: boolean;
  ownerAdminHas: boolean;
}

/** A privilege that is there, granted or built in. */
export interface FoundPrivilege {
  /** An owner may always pass its own rights on. */
  grantable: boolean;
  /** Whether it is the right of an owner on what it owns: PostgreSQL gives it, and it is never revoked. */
  ofOwner?: boolean;
  /** Who granted it. */
  grantors?: string[];
}

/** What is there, by privilegeKey(). */
export type PrivilegeMap = Map<string, FoundPrivilege>;

/** How the server writes what is declared in some spelling of it; what is not in it is written as it is. */
export interface NormalForms {
  encodings: Map<string, string>;
  icuLocales: Map<string, string>;
}

/** What all databases share. Only what was asked for by name is in it. */
export interface ClusterCatalog {
  server: ServerInfo;
  roles: Map<string, CatalogRole>;
  memberships: CatalogMembership[];
  databases: Map<string, CatalogDatabase>;
  /** Tablespaces and parameters have no owner that matters here: presence only. */
  tablespaces: Set<string>;
  privileges: PrivilegeMap;
  normalForms: NormalForms;
}

/** An object that can be granted on. */
export interface CatalogObject {
  kind: "schema" | "table" | "sequence" | "function" | "type" | "language" | "foreignServer" | "foreignDataWrapper";
  schema: string;
  name: string;
  owner: string;
  /** The owner of its schema, where neither this admin nor the object's owner may look into that. */
  schemaOwner?: string;
  /** Whether an extension brought it: its rights are the extension's choice, and its owner may be a superuser. */
  ofExtension?: boolean;
  /** How SQL names it, for functions, whose name has types; made by the server with an empty search_path. It is the name, too. */
  sqlName?: string;
  /** How declarations write it where that is not its name: `total(int)` for `app.total(integer)`. */
  spellings?: string[];
}

/** One database from inside. Only what was asked for by name is in it. */
export interface DatabaseCatalog {
  schemas: Map<string, { owner: string }>;
  extensions: Map<string, { schema: string; version: string }>;
  objects: CatalogObject[];
  privileges: PrivilegeMap;
  defaultPrivileges: PrivilegeMap;
  /** Whether the admin has the rights of an owner, by role name. */
  adminHas: Map<string, boolean>;
}

export function emptyDatabaseCatalog(): DatabaseCatalog {
  return {
    schemas: new Map(),
    extensions: new Map(),
    objects: [],
    privileges: new Map(),
    defaultPrivileges: new Map(),
    adminHas: new Map(),
  };
}
