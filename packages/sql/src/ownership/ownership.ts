import type { DefaultPrivilege, Grant } from "../desired/grant";

/**
 * What is recorded. An heir is the role that keeps what dropped roles left behind in one database; a login runs one baseline.
 */
export type OwnedKind = "role" | "database" | "heir" | "login";

/** What the record says of one object. */
export interface OwnedObject {
  kind: OwnedKind;
  name: string;
  /** The declaration that manages it: in a Pulumi program the URN of its component. */
  declaration: string;
  /** It existed before any declaration managed it. */
  adopted: boolean;
  /** The object of that name is the very one that was recorded, and not one that somebody made later. */
  current: boolean;
  /** CREATE DATABASE was about to run: it cannot be in the transaction that records the database. */
  announced: boolean;
  /** Of a database: its baseline SQL has not been seen to end. Of a role: it lost its login because it was to be dropped. */
  unfinished: boolean;
  /** The transaction that runs the baseline SQL, where one has begun. */
  baselineTransaction?: string;
}

/** Grants as declarations claim them; labels are of no meaning. */
export interface ClaimedGrants {
  grants: Grant[];
  defaultPrivileges: DefaultPrivilege[];
}

/** Who manages what on one server, as one declaration sees it. */
export interface Ownership {
  /** The declaration that asks. */
  declaration: string;
  /** By ownedKey(). */
  objects: ReadonlyMap<string, OwnedObject>;
  /** What this declaration claims: more than its state knows, where an earlier run failed. */
  mine: ClaimedGrants;
  /** What all other declarations claim: it is never revoked. */
  others: ClaimedGrants;
}

export const ownedKey = (kind: OwnedKind, name: string): string => `${kind}:${name}`;

/** The record of an object that still exists. */
export function recordOf(ownership: Ownership | undefined, kind: OwnedKind, name: string): OwnedObject | undefined {
  const record = ownership?.objects.get(ownedKey(kind, name));
  return record?.current === true || record?.announced === true ? record : undefined;
}

export function isOwn(ownership: Ownership | undefined, kind: OwnedKind, name: string): boolean {
  const record = recordOf(ownership, kind, name);
  return record !== undefined && record.declaration === ownership?.declaration;
}
