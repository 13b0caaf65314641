import { partsOfKey } from "../catalog/query";
import type { PrivilegeMap } from "../catalog/types";
import type { AtomMap, PrivilegeAtom, PrivilegeChanges } from "./privilege-atoms";

/**
 * What somebody passed on ends with the grant option (REVOKE ... CASCADE), else a right could not be taken from whoever used it.
 * What of that is declared is granted again, by the owner.
 */
export function passedOnToGrantAgain(changes: PrivilegeChanges, next: AtomMap, found: PrivilegeMap): PrivilegeAtom[] {
  /** Who loses a grant option, by object and privilege. */
  const losers = new Map<string, Set<string>>();
  for (const atom of [...changes.revoke.filter((a) => a.grantable), ...changes.revokeOption]) {
    const key = objectKey(atom);
    losers.set(key, (losers.get(key) ?? new Set()).add(atom.grantee));
  }
  if (losers.size === 0) return [];
  const again = new Map<string, PrivilegeAtom>();
  for (let size = -1; size !== again.size;) {
    size = again.size;
    for (const [key, { grantors = [] }] of found) {
      const { kind, schema, name, grantee, privilege } = partsOfKey(key);
      const lost = losers.get(objectKey({ kind, schema, name, privilege }));
      if (!lost || again.has(key) || !grantors.some((grantor) => lost.has(grantor))) continue;
      lost.add(grantee);
      again.set(key, next.get(key) ?? NOT_DECLARED);
    }
  }
  return [...again.values()].filter((atom) => atom !== NOT_DECLARED);
}

const NOT_DECLARED = {} as PrivilegeAtom;

const objectKey = (a: Pick<PrivilegeAtom, "kind" | "schema" | "name" | "privilege">): string =>
  JSON.stringify([a.kind, a.schema, a.name, a.privilege]);
