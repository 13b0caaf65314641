import { partsOfKey } from "../catalog/query";
import type { PrivilegeMap } from "../catalog/types";
import type { AtomMap, PrivilegeAtom, PrivilegeChanges } from "./privilege-atoms";

/**
 * Revoking a grant option also revokes what its holder granted (REVOKE ... CASCADE), because the revoke would fail otherwise. Declared
 * privileges among these are granted again, by the owner.
 */
export function passedOnToGrantAgain(changes: PrivilegeChanges, next: AtomMap, found: PrivilegeMap): PrivilegeAtom[] {
  /** Roles that lose a grant option, by object and privilege. */
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
