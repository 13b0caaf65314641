import { definedOnly, UNPOOLED_ROLE, type Problem, type UserAttributes } from "@pgharbor/core";
import { OnDelete, type DesiredRole } from "@pgharbor/sql";
import { internalsOf } from "../program/cluster-internals";
import type { ArgNames } from "./known-args";
import { knownTarget } from "./known-target";

/**
 * Settings of a user besides name and password. Changes are SQL only: they touch no container and no connection. Settings that are
 * given, and all rights beyond an ordinary user's, are corrected if someone changes them on the server. Other settings get their default
 * when the user is created, and are not managed afterwards.
 */
export interface UserSettings extends UserAttributes {
  /**
   * Adopts an existing role of that name; otherwise it is an error. Only settings that are given are changed, and the role is kept when
   * it leaves the program (`dropOnDelete`). @default false; true on a cluster that retains its volumes (`retainOnDelete`)
   */
  adopt?: boolean;
  /**
   * Drops the role when it leaves the program. Its objects then belong to a role without rights, one for each database, of which the
   * database's owner is a member. @default true for a role that pgharbor created, false for an adopted one
   */
  dropOnDelete?: boolean;
}

/** Rights that a created role only has if the program grants them. An adopted role keeps its own. */
const ordinary = { superuser: false, createdb: false, createrole: false, replication: false, bypassrls: false };

/** The role for packages/sql. Other fields that are not given are omitted, so they are not managed. */
export function desiredRole(username: string, settings: UserSettings): Omit<DesiredRole, "password"> {
  const { expireAt, roles, pooled = true, dropOnDelete, ...same } = pickSettings(settings);
  const declared = roles?.map(({ name, ...options }) => ({ role: name, ...options }));
  const role = {
    ...(settings.adopt === true ? {} : ordinary),
    ...definedOnly(same),
    name: username,
    ...(dropOnDelete === undefined ? {} : { onDelete: dropOnDelete ? OnDelete.drop : OnDelete.retain }),
    validUntil: expireAt,
    memberships: pooled ? declared : [...(declared ?? []), { role: UNPOOLED_ROLE }],
  };
  return JSON.parse(JSON.stringify(role)) as typeof role;
}

export const userSettingNames: ArgNames<UserSettings> = {
  login: true,
  superuser: true,
  createdb: true,
  createrole: true,
  inherit: true,
  replication: true,
  bypassrls: true,
  connlimit: true,
  expireAt: true,
  parameters: true,
  parametersIn: true,
  comment: true,
  roles: true,
  pooled: true,
  adopt: true,
  dropOnDelete: true,
};
const pickSettings = (settings: UserSettings): UserSettings =>
  Object.fromEntries((Object.keys(userSettingNames) as (keyof UserSettings)[]).map((key) => [key, settings[key]]));

/** `pooled` has no effect on an external server, because pgharbor runs no poolers there. */
export function unpooledProblems(target: object | undefined, pooled: unknown): Problem[] {
  const isExternal = target !== undefined && internalsOf(target) === undefined && knownTarget(target) !== undefined;
  if (pooled !== false || !isExternal) return [];
  return [
    {
      path: "pooled",
      message: "has no effect on an ExternalPostgres, which has no pooler of pgharbor's, got false; leave it out",
    },
  ];
}
