import type { Ownership } from "./ownership";

export const HEIR = "pgharbor_heir_";

/**
 * The role that owns one dropped role's objects in one database. Each dropped role has a separate one, because
 * otherwise functions and views of one could access the tables of another. The heir's name contains oids because names
 * are reused.
 */
export const heirName = (databaseOid: number, roleOid: number): string => `${HEIR}${databaseOid}_${roleOid}`;

/** The recorded heirs in one database. */
export const heirsIn = (ownership: Ownership | undefined, databaseOid: number): string[] =>
  [...(ownership?.objects.values() ?? [])]
    .filter(({ kind, name }) => kind === "heir" && name.startsWith(`${HEIR}${databaseOid}_`))
    .map(({ name }) => name);
