import type { OnDelete, ParameterValue } from "./role";

/** A schema of a database. Removing it from the declaration leaves it in place: it holds data. */
export interface DesiredSchema {
  name: string;
  /** @default the database's owner */
  owner?: string;
}

/** An extension of a database. Removing it from the declaration leaves it in place. */
export interface DesiredExtension {
  name: string;
  /** The schema its objects go to. @default the extension's own choice */
  schema?: string;
  /** A change updates the extension. @default the newest that the server has, then left alone */
  version?: string;
}

/** A database as it should be; fields left out work as those of a role. */
export interface DesiredDatabase {
  name: string;
  /** @default the admin user */
  owner?: string;
  /** Immutable. @default template0 when an encoding or a locale is declared, else template1 */
  template?: string;
  /** Immutable; another spelling is no change. @default the template's */
  encoding?: string;
  /** What lcCollate, lcCtype and, with ICU, icuLocale do not say. Immutable; another spelling is no change. */
  locale?: string;
  /** Immutable; another spelling is no change. */
  lcCollate?: string;
  /** Immutable; another spelling is no change. */
  lcCtype?: string;
  /** libc, icu or builtin (PostgreSQL 17). Immutable. */
  localeProvider?: string;
  /** Immutable; another spelling is no change. */
  icuLocale?: string;
  /** A change moves the files; nobody may be connected then. */
  tablespace?: string;
  /** @default true */
  allowConnections?: boolean;
  /** Most connections at once, -1 for no limit. @default -1 */
  connlimit?: number;
  /** Take CONNECT from PUBLIC, so that only the owner and those granted it may connect. @default true */
  revokeConnect?: boolean;
  /** Parameters that sessions in it start with. */
  parameters?: Record<string, ParameterValue>;
  schemas?: DesiredSchema[];
  extensions?: DesiredExtension[];
  /** SQL that is run exactly once, in one transaction, when the database is made; a change later does nothing. */
  baselineSql?: string;
  /** Seconds after which it is ended. @default 3600 */
  baselineTimeout?: number;
  comment?: string;
  /** Take over a database of that name that exists already, instead of an error. @default false */
  adopt?: boolean;
  /** When it leaves the declaration: keep it, or DROP DATABASE ... WITH (FORCE). @default retain */
  onDelete?: OnDelete;
}
