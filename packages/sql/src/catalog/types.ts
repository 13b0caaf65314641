/** The server, and the connected role. */
export interface ServerInfo {
  /** server_version_num, such as 170010. */
  version: number;
  admin: string;
  superuser: boolean;
  createrole: boolean;
  createdb: boolean;
}

/** A role in the catalog. */
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
  /** ISO 8601 in UTC; null: no expiry. */
  validUntil: string | null;
  /** rolpassword; null: none; undefined: unreadable for this admin. */
  verifier?: string | null;
  comment: string | null;
  parameters: Record<string, string>;
  /** Parameters in one database, by database name. */
  parametersIn: Record<string, Record<string, string>>;
  /** True if the admin already has the role's rights (superuser, or a member that inherits and may SET ROLE). */
  adminHasIt: boolean;
}

/** One row of pg_auth_members. Since PostgreSQL 16 a pair can have several, by grantor. */
export interface CatalogMembership {
  role: string;
  member: string;
  grantor: string;
  admin: boolean;
  inherit: boolean;
  set: boolean;
  /** True if this admin may change or revoke it, which needs the grantor's rights. */
  reachable: boolean;
  /** True if a holder of the ADMIN option granted it, with whom it ends. */
  passedOn?: boolean;
}

/** A database in the catalog. */
export interface CatalogDatabase {
  name: string;
  /** Undefined if it is about to be created. */
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
  /** True if PUBLIC may connect. */
  publicConnect: boolean;
  adminCanConnect: boolean;
  ownerAdminHas: boolean;
}

/** An existing privilege, granted or built in. */
export interface FoundPrivilege {
  /** True if the object's owner granted the option. Always true for an owner's rights. */
  grantable: boolean;
  /** True for an owner's right on the owner's object. PostgreSQL grants it by default, and it is never revoked here. */
  ofOwner?: boolean;
  /** Holders of a grant option that granted it, too. Their grants are theirs: they end with the option, and are never revoked. */
  others?: string[];
  /** True if only `others` granted it. */
  onlyOthers?: boolean;
}

/** Existing privileges, by privilegeKey(). */
export type PrivilegeMap = Map<string, FoundPrivilege>;

/** The server's form of declared spellings. A spelling that is missing here is the server's own. */
export interface NormalForms {
  encodings: Map<string, string>;
  icuLocales: Map<string, string>;
}

/** Objects that all databases share. Contains only the requested names. */
export interface ClusterCatalog {
  server: ServerInfo;
  roles: Map<string, CatalogRole>;
  memberships: CatalogMembership[];
  databases: Map<string, CatalogDatabase>;
  /** Only the existence of tablespaces matters here, not their owner. */
  tablespaces: Set<string>;
  privileges: PrivilegeMap;
  normalForms: NormalForms;
}

/** An object that can be named in a grant. */
export interface CatalogObject {
  kind: "schema" | "table" | "sequence" | "function" | "type" | "language" | "foreignServer" | "foreignDataWrapper";
  schema: string;
  name: string;
  owner: string;
  /** Schemas that the object's name contains and on which the object's owner has no USAGE. */
  hiddenBy?: { schema: string; schemaOwner: string }[];
  /** True if the object belongs to an extension, which chooses the privileges, and whose owner may be a superuser. */
  ofExtension?: boolean;
  /** SQL name of a function with its types, written by the server with an empty search_path. Equal to the name. */
  sqlName?: string;
  /** The declaration's spellings that differ from the name: `total(int)` for `app.total(integer)`. */
  spellings?: string[];
}

/** The objects of one database. Contains only the requested names. */
export interface DatabaseCatalog {
  schemas: Map<string, { owner: string }>;
  extensions: Map<string, { schema: string; version: string }>;
  objects: CatalogObject[];
  privileges: PrivilegeMap;
  defaultPrivileges: PrivilegeMap;
}

export function emptyDatabaseCatalog(): DatabaseCatalog {
  return {
    schemas: new Map(),
    extensions: new Map(),
    objects: [],
    privileges: new Map(),
    defaultPrivileges: new Map(),
  };
}
