import { definedOnly, UNPOOLED_ROLE, type Problem, type UserAttributes } from "@pgharbor/core";
import { OnDelete, type DesiredRole } from "@pgharbor/sql";
import { internalsOf } from "../program/cluster-internals";
import type { ArgNames } from "./known-args";
import { knownTarget } from "./known-target";

/**
 * What can be said of a user besides its name and password. Every change is SQL only: it touches no container and no
 * connection. What is given, and every right above an ordinary user's whether given or not, is put right again when someone
 * changes it on the server; anything else that is not given is at its default when the user is made, and then left alone.
 */
export interface UserSettings extends UserAttributes {
  /**
   * Take over a role of that name that exists already, instead of an error. Of it only what the program says is changed, and it stays
   * when it leaves the program (`dropOnDelete`). @default false; true on a cluster whose volumes are kept (`retainOnDelete`)
   */
  adopt?: boolean;
  /**
   * Drop the role when it leaves the program. What it owns then belongs to a role without rights, one for each database, whose
   * member the database's owner is. @default true for a role that pgharbor made, false for one that it adopted
   */
  dropOnDelete?: boolean;
}

/** Rights that nobody should have without the program saying so. A role that was adopted keeps what it came with. */
const ordinary = { superuser: false, createdb: false, createrole: false, replication: false, bypassrls: false };

/** As packages/sql wants it; other fields that were not given stay out, so that they stay unmanaged. */
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

/** A server that somebody else runs has no role that our poolers would look at, and none of our poolers. */
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
