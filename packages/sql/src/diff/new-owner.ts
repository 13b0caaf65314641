import { partsOfKey, privilegeKey, addPrivilege } from "../catalog/query";
import type { PrivilegeMap } from "../catalog/types";

/** Privileges after databases change owners: only the previous owner's rights move to the new one. */
export function afterNewOwners(
  found: PrivilegeMap,
  owners: readonly { database: string; from: string; to: string }[],
): PrivilegeMap {
  const changed = new Map(owners.filter(({ from, to }) => from !== to).map((o) => [o.database, o]));
  if (changed.size === 0) return found;
  const after: PrivilegeMap = new Map();
  for (const [key, has] of found) {
    const { kind, schema, name, column, grantee, privilege } = partsOfKey(key);
    const owner = kind === "database" ? changed.get(name) : undefined;
    const holder = owner?.from === grantee ? owner.to : grantee;
    const ofOwner = owner === undefined ? has.ofOwner : holder === owner.to;
    const others = has.others?.filter((grantor) => grantor !== owner?.to);
    addPrivilege(after, privilegeKey(kind, schema, name, column, holder, privilege), {
      others,
      onlyOthers: has.onlyOthers === true && others?.length !== 0,
      grantable: has.grantable || ofOwner === true,
      ofOwner,
    });
  }
  return after;
}
