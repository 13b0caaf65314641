import type { OnDelete, ParameterValue } from "./role";

/** A schema of a database. Removing it from the declaration keeps it, because it contains data. */
export interface DesiredSchema {
  /** Name of the schema. */
  name: string;
  /** Owner of the schema. @default the database's owner */
  owner?: string;
}

/** An extension of a database. Removing it from the declaration keeps it. */
export interface DesiredExtension {
  /** Name of the extension. */
  name: string;
  /** The schema of the extension's objects. @default the schema that the extension requires, else public */
  schema?: string;
  /** A change updates the extension. @default the newest that the server has, then left alone */
  version?: string;
}

/** The desired state of a database. Omitted fields work like a role's. */
export interface DesiredDatabase {
  /** Name of the database. Immutable. */
  name: string;
  /** Owner of the database. @default the admin user */
  owner?: string;
  /** Immutable. @default template0 if an encoding or a locale is declared, else template1 */
  template?: string;
  /** Immutable; another spelling is no change. @default the template's */
  encoding?: string;
  /** Sets what lcCollate, lcCtype and, with ICU, icuLocale leave out. Immutable; another spelling is no change. */
  locale?: string;
  /** Immutable; another spelling is no change. */
  lcCollate?: string;
  /** Immutable; another spelling is no change. */
  lcCtype?: string;
  /** libc, icu or builtin (PostgreSQL 17). Immutable. */
  localeProvider?: string;
  /** Immutable; another spelling is no change. */
  icuLocale?: string;
  /** A change moves the database's files; no one may be connected then. */
  tablespace?: string;
  /** Allows connections. @default true */
  allowConnections?: boolean;
  /** Maximum number of connections, -1 for no limit. @default -1 */
  connlimit?: number;
  /** Revokes CONNECT from PUBLIC, so that only the owner and explicit grantees may connect. @default true */
  revokeConnect?: boolean;
  /** Parameters of sessions in the database. */
  parameters?: Record<string, ParameterValue>;
  /** Schemas to create. */
  schemas?: DesiredSchema[];
  /** Extensions to create. */
  extensions?: DesiredExtension[];
  /** SQL that runs exactly once, in one transaction, when the database is created. A later change has no effect. */
  baselineSql?: string;
  /** Seconds after which the baseline is cancelled. @default 3600 */
  baselineTimeout?: number;
  /** Comment on the database. @default none */
  comment?: string;
  /** Adopts an existing database of that name, instead of an error. @default false */
  adopt?: boolean;
  /** Action when it leaves the declaration: keep it, or DROP DATABASE ... WITH (FORCE). @default retain */
  onDelete?: OnDelete;
}
