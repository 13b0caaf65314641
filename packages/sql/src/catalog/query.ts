import type { FoundPrivilege, PrivilegeMap } from "./types";

/** The only method of a connection that the catalog readers need; `pg`'s Client has it. */
export interface Queryable {
  query<R extends object>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
}

/** setconfig (`{name=value,...}`) as a record, with names in lower case because parameter names are case-insensitive. */
export function settingsRecord(setconfig: string[] | null): Record<string, string> {
  const record: Record<string, string> = {};
  for (const item of setconfig ?? []) {
    const at = item.indexOf("=");
    record[item.slice(0, at).toLowerCase()] = item.slice(at + 1);
  }
  return record;
}

/** The key of a privilege in a PrivilegeMap. */
export function privilegeKey(
  kind: string,
  schema: string,
  name: string,
  column: string,
  grantee: string,
  privilege: string,
): string {
  return JSON.stringify([kind, schema, name, column, grantee, privilege]);
}

export interface PrivilegeKey {
  kind: string;
  schema: string;
  name: string;
  column: string;
  grantee: string;
  privilege: string;
}

/** A privilege that `grantor` granted; null: the object's owner. */
export function grantedBy(grantor: string | null, grantable: boolean, ofOwner: boolean): FoundPrivilege {
  if (ofOwner) return { grantable: true, ofOwner };
  return grantor === null ? { grantable } : { grantable: false, others: [grantor], onlyOthers: true };
}

/** A privilege that the object's owner granted, or that is built in. Others' grants do not count: they end with an option of theirs. */
export function grantOfOwner(found: PrivilegeMap, key: string): FoundPrivilege | undefined {
  const privilege = found.get(key);
  return privilege?.onlyOthers === true ? undefined : privilege;
}

/**
 * The role that granted `a` on `o`; null for the owner, and where this admin cannot act for the owner, which is a superuser. Needs `w` as the
 * owner's role, `me` as the admin's and `by` as the grantor's.
 */
export const OTHER_GRANTOR =
  "case when a.grantor <> o.owner and (me.rolsuper or not w.rolsuper) then by.rolname end as grantor";

/** The parts of a key. */
export function partsOfKey(key: string): PrivilegeKey {
  const [kind, schema, name, column, grantee, privilege] = JSON.parse(key) as Six<string>;
  return { kind, schema, name, column, grantee, privilege };
}
type Six<T> = [T, T, T, T, T, T];

/** Several grantors may have granted the same privilege. */
export function addPrivilege(
  map: PrivilegeMap,
  key: string,
  { grantable, ofOwner, others = [], onlyOthers = false }: FoundPrivilege,
): void {
  const before = map.get(key);
  map.set(key, {
    grantable: grantable || before?.grantable === true,
    ...(ofOwner || before?.ofOwner ? { ofOwner: true } : {}),
    others: [...(before?.others ?? []), ...others],
    onlyOthers: onlyOthers && (before?.onlyOthers ?? true),
  });
}
