/**
 * What a privilege can be granted on. The three `all...` kinds mean every such object that the schema has at that
 * moment, except those that an extension brought: these come with the rights that the extension chose.
 */
export const GrantKind = {
  Database: "database",
  Tablespace: "tablespace",
  Parameter: "parameter",
  Schema: "schema",
  Table: "table",
  AllTables: "allTables",
  Sequence: "sequence",
  AllSequences: "allSequences",
  Function: "function",
  AllFunctions: "allFunctions",
  Type: "type",
  Language: "language",
  ForeignServer: "foreignServer",
  ForeignDataWrapper: "foreignDataWrapper",
} as const;
export type GrantKind = (typeof GrantKind)[keyof typeof GrantKind];

/**
 * Privileges on one object, or on all of a kind in a schema, for one role. They are revoked when they leave the declaration, also from
 * PUBLIC what PostgreSQL gives it by itself; an owner's rights on what it owns are never revoked.
 */
export interface Grant {
  /** Who gets it; `public` is everybody. CONNECT of `public` on a declared database is for its `revokeConnect` to say. */
  role: string;
  /** What it is on. */
  on: GrantKind;
  /** The database that holds the object, or that is it. Not for `tablespace` and `parameter`. */
  database?: string;
  /** The schema, for `table`, `sequence`, `function`, `type` and the `all...` kinds; with `schema` it is the object itself. @default public */
  schema?: string;
  /**
   * The object's name as it is, without quotes: `MyTable`. A function's has its argument types after it, as SQL writes them, with the schema
   * of those that are not PostgreSQL's own: `MyFunc(integer, app."Mood")`. A view is a table, a procedure a function.
   */
  name?: string;
  /** Only these columns of a `table`. */
  columns?: string[];
  /** SELECT, INSERT, ... or ALL. */
  privileges: string[];
  /** May pass it on; not for `public`. Once it may not, what it passed on ends too, unless that is declared. @default false */
  withGrantOption?: boolean;
}

/** Which objects of the future default privileges are for. */
export const DefaultPrivilegeKind = {
  Tables: "tables",
  Sequences: "sequences",
  Functions: "functions",
  Types: "types",
  Schemas: "schemas",
} as const;
export type DefaultPrivilegeKind = (typeof DefaultPrivilegeKind)[keyof typeof DefaultPrivilegeKind];

/**
 * Privileges that objects made later by one role will have (ALTER DEFAULT PRIVILEGES). What PostgreSQL gives by itself may be declared, too:
 * EXECUTE on functions and USAGE on types for `public`, and all rights for `owner`. It is revoked when it leaves the declaration, except from `owner`.
 */
export interface DefaultPrivilege {
  database: string;
  /** The role whose future objects are meant. */
  owner: string;
  /** Only objects in this schema. @default every schema */
  schema?: string;
  on: DefaultPrivilegeKind;
  /** Who gets it. */
  role: string;
  /** As those of a grant; at least one. */
  privileges: string[];
  /** Not for `public`. @default false */
  withGrantOption?: boolean;
}
