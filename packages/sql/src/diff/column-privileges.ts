import { partsOfKey, privilegeKey } from "../catalog/query";
import type { PrivilegeMap } from "../catalog/types";
import type { AtomMap, PrivilegeAtom, PrivilegeChanges } from "./privilege-atoms";

/**
 * REVOKE on a table also revokes the privilege on its columns. The owner's other grants on columns are made again in the same
 * transaction. https://www.postgresql.org/docs/17/sql-revoke.html
 */
export function columnsToGrantAgain(
  changes: PrivilegeChanges,
  previous: AtomMap,
  next: AtomMap,
  found: PrivilegeMap,
): PrivilegeAtom[] {
  const ofTables = ({ kind, column }: PrivilegeAtom): boolean => kind === "table" && column === "";
  const revoked = keysOf(changes.revoke.filter(ofTables));
  const withoutOption = keysOf(changes.revokeOption.filter(ofTables));
  if (revoked.size + withoutOption.size === 0) return [];
  const again: PrivilegeAtom[] = [];
  for (const [key, { grantable, ofOwner, onlyOthers }] of found) {
    const { kind, schema, name, column, grantee, privilege } = partsOfKey(key);
    if (column === "" || ofOwner || onlyOthers || (previous.has(key) && !next.has(key))) continue;
    const atom = { kind, schema, name, column, grantee, privilege, grantable };
    const table = tableKey(atom);
    const wanted = next.get(key);
    // A grant option that the declaration removes from a column is not restored.
    const keepsOption = grantable && !(previous.get(key)?.grantable === true && wanted?.grantable === false);
    if (revoked.has(table) || (withoutOption.has(table) && keepsOption))
      again.push({ ...atom, grantable: keepsOption });
  }
  return again;
}

const tableKey = (a: PrivilegeAtom): string => privilegeKey(a.kind, a.schema, a.name, "", a.grantee, a.privilege);
const keysOf = (atoms: readonly PrivilegeAtom[]): Set<string> => new Set(atoms.map(tableKey));
