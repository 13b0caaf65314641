import type { DefaultPrivilege, Grant } from "../desired/grant";

/** Kinds of recorded objects. An heir owns objects of dropped roles in one database; a login runs one baseline. */
export type OwnedKind = "role" | "database" | "heir" | "login";

/** The record of one object. */
export interface OwnedObject {
  kind: OwnedKind;
  name: string;
  /** The declaration that manages it; in a Pulumi program the component's URN. */
  declaration: string;
  /** True if it existed before any declaration managed it. */
  adopted: boolean;
  /** True if the object of that name is the recorded one, and not a later one. */
  current: boolean;
  /** True if CREATE DATABASE was about to run, which cannot share a transaction with the record. */
  announced: boolean;
  /**
   * For a database: the end of the baseline SQL was not recorded. For a role: it lost LOGIN because it was to be
   * dropped.
   */
  unfinished: boolean;
  /** The transaction that runs the baseline SQL, if it has begun. */
  baselineTransaction?: string;
}

/** Grants claimed by declarations, without labels. */
export interface ClaimedGrants {
  grants: Grant[];
  defaultPrivileges: DefaultPrivilege[];
}

/** The record of one server, as one declaration sees it. */
export interface Ownership {
  declaration: string;
  /** By ownedKey(). */
  objects: ReadonlyMap<string, OwnedObject>;
  /** Grants that this declaration made: more than in the declaration's state, if an earlier run failed. */
  mine: ClaimedGrants;
  /** Grants of all other declarations, which are never revoked. */
  others: ClaimedGrants;
}

export const ownedKey = (kind: OwnedKind, name: string): string => `${kind}:${name}`;

/** The record of an object that exists, or whose creation is announced. */
export function recordOf(ownership: Ownership | undefined, kind: OwnedKind, name: string): OwnedObject | undefined {
  const record = ownership?.objects.get(ownedKey(kind, name));
  return record?.current === true || record?.announced === true ? record : undefined;
}

export function isOwn(ownership: Ownership | undefined, kind: OwnedKind, name: string): boolean {
  const record = recordOf(ownership, kind, name);
  return record !== undefined && record.declaration === ownership?.declaration;
}
