import { systemUsers, type DatabaseAttributes, type DatabaseSpec, type Problem } from "@pgharbor/core";
import type { ArgNames } from "./known-args";
import { OnDelete, type DesiredDatabase } from "@pgharbor/sql";

/** What can be said of a database besides its name and owner. Changes are SQL only, except where said. */
export interface DatabaseProperties extends DatabaseAttributes {
  /**
   * Take over a database of that name that exists already, instead of an error. Of it only what the program says is changed; without
   * `revokeConnect` PUBLIC keeps what it has. @default false; true on a cluster whose volumes are kept (`retainOnDelete`)
   */
  adopt?: boolean;
  /** Drop the database, with its data, when it leaves the program. @default false: it stays on the server */
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

/** As the rules of core want it. */
export function databaseSpec(name: string, settings: DatabaseSettings): DatabaseSpec {
  const { adopt: _adopt, dropOnDelete: _drop, ...spec } = settings;
  return { ...spec, name };
}

/** As packages/sql wants it; fields that were not given stay out, so that they stay unmanaged. */
export function desiredDatabase(name: string, settings: DatabaseSettings): DesiredDatabase {
  const { baseline, dropOnDelete = false, ...same } = settings;
  const desired = { ...same, name, baselineSql: baseline, onDelete: dropOnDelete ? OnDelete.drop : OnDelete.retain };
  return JSON.parse(JSON.stringify(desired)) as DesiredDatabase;
}

/** In the admin's name a baseline could run what others have put into a schema or a template. */
export function baselineProblems(baseline: unknown, owner: unknown): Problem[] {
  const isAdmin = owner === undefined || owner === systemUsers.admin;
  if (baseline === undefined || !isAdmin) return [];
  const got = owner === undefined ? "none" : JSON.stringify(owner);
  const message = `must be given with baseline, which runs with the owner's rights, and not be the admin user, got ${got}; name a user`;
  return [{ path: "owner", message }];
}
