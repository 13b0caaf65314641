/**
 * Kinds of objects in grants. The three `all...` kinds mean every such object that the schema has at that moment, except those of
 * extensions, which keep the privileges that the extension chose.
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
 * Privileges of one role on one object, or on all objects of a kind in a schema. They are revoked when they leave the declaration,
 * including PUBLIC's built-in ones; an owner's rights on its own objects are never revoked.
 */
export interface Grant {
  /** The grantee; `public` is everybody. On a declared database `revokeConnect` decides about CONNECT of `public`. */
  role: string;
  /** Kind of the object. */
  on: GrantKind;
  /** The database that contains the object, or that is the object. Not for `tablespace` and `parameter`. */
  database?: string;
  /**
   * The schema, for `table`, `sequence`, `function`, `type` and the `all...` kinds; for `schema` it is the object itself. @default public
   */
  schema?: string;
  /**
   * The object's exact name without quotes: `MyTable`. A function's name includes its argument types in SQL, with the schema of types that
   * are not PostgreSQL's own: `MyFunc(integer, app."Mood")`. A view counts as a table, a procedure as a function.
   */
  name?: string;
  /** Limits the privileges to these columns of a `table`. @default the whole table */
  columns?: string[];
  /** SELECT, INSERT, ... or ALL. */
  privileges: string[];
  /**
   * Allows granting the privileges to others; not for `public`. Removing it also revokes what the role granted, unless that is declared.
   * @default false
   */
  withGrantOption?: boolean;
}

/** Kinds of future objects in default privileges. */
export const DefaultPrivilegeKind = {
  Tables: "tables",
  Sequences: "sequences",
  Functions: "functions",
  Types: "types",
  Schemas: "schemas",
} as const;
export type DefaultPrivilegeKind = (typeof DefaultPrivilegeKind)[keyof typeof DefaultPrivilegeKind];

/**
 * Privileges on objects that one role will create (ALTER DEFAULT PRIVILEGES). Built-in ones may be declared, too: EXECUTE on functions and
 * USAGE on types for `public`, and all rights for `owner`. They are revoked when they leave the declaration, except from `owner`.
 */
export interface DefaultPrivilege {
  /** The database in which the objects are created. */
  database: string;
  /** The role that creates the objects. */
  owner: string;
  /** Limits it to objects in this schema. @default every schema */
  schema?: string;
  /** Kind of the objects. */
  on: DefaultPrivilegeKind;
  /** The grantee. */
  role: string;
  /** SELECT, INSERT, ... or ALL; at least one. */
  privileges: string[];
  /** Allows granting the privileges to others; not for `public`. @default false */
  withGrantOption?: boolean;
}
