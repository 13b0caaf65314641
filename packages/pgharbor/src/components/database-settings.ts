import { systemUsers, type DatabaseAttributes, type DatabaseSpec, type Problem } from "@pgharbor/core";
import type { ArgNames } from "./known-args";
import { OnDelete, type DesiredDatabase } from "@pgharbor/sql";

/** Settings of a database besides name and owner. Changes are SQL only, unless noted. */
export interface DatabaseProperties extends DatabaseAttributes {
  /**
   * Adopts an existing database of that name; otherwise it is an error. Only settings that are given are changed; without
   * `revokeConnect` PUBLIC keeps its rights. @default false; true on a cluster that retains its volumes (`retainOnDelete`)
   */
  adopt?: boolean;
  /** Drops the database and its data when it leaves the program. @default false: it stays on the server */
  dropOnDelete?: boolean;
}

/** A database in a map: its name is the key. */
export interface DatabaseSettings extends DatabaseProperties {
  /** A declared user. @default the admin user */
  owner?: string;
}

export const databasePropertyNames: ArgNames<DatabaseProperties> = {
  template: true,
  encoding: true,
  locale: true,
  lcCollate: true,
  lcCtype: true,
  localeProvider: true,
  icuLocale: true,
  tablespace: true,
  allowConnections: true,
  connlimit: true,
  revokeConnect: true,
  parameters: true,
  schemas: true,
  extensions: true,
  baseline: true,
  baselineTimeout: true,
  comment: true,
  adopt: true,
  dropOnDelete: true,
};
export const databaseSettingNames: ArgNames<DatabaseSettings> = { ...databasePropertyNames, owner: true };

/** The database for core's rules. */
export function databaseSpec(name: string, settings: DatabaseSettings): DatabaseSpec {
  const { adopt: _adopt, dropOnDelete: _drop, ...spec } = settings;
  return { ...spec, name };
}

/** The database for packages/sql. Fields that are not given are omitted, so they are not managed. */
export function desiredDatabase(name: string, settings: DatabaseSettings): DesiredDatabase {
  const { baseline, dropOnDelete = false, ...same } = settings;
  const desired = { ...same, name, baselineSql: baseline, onDelete: dropOnDelete ? OnDelete.drop : OnDelete.retain };
  return JSON.parse(JSON.stringify(desired)) as DesiredDatabase;
}

/** A baseline must not run as the admin, because it could execute code that others put into a schema or a template. */
export function baselineProblems(baseline: unknown, owner: unknown): Problem[] {
  const isAdmin = owner === undefined || owner === systemUsers.admin;
  if (baseline === undefined || !isAdmin) return [];
  const got = owner === undefined ? "none" : JSON.stringify(owner);
  const message = `must be given with baseline, which runs with the owner's rights, and not be the admin user, got ${got}; name a user`;
  return [{ path: "owner", message }];
}
