import type { FoundPrivilege, PrivilegeMap } from "./types";

/** The one thing that the catalog readers need of a connection; `pg`'s Client has this shape. */
export interface Queryable {
  query<R extends object>(text: string, values?: unknown[]): Promise<{ rows: R[] }>;
}

/** setconfig (`{name=value,...}`) as a record; names in lower case, for parameter names are case-insensitive. */
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

/** What a key was made of. */
export function partsOfKey(key: string): PrivilegeKey {
  const [kind, schema, name, column, grantee, privilege] = JSON.parse(key) as Six<string>;
  return { kind, schema, name, column, grantee, privilege };
}
type Six<T> = [T, T, T, T, T, T];

/** The same privilege can come from several grantors. */
export function addPrivilege(
  map: PrivilegeMap,
  key: string,
  { grantable, ofOwner, grantors = [] }: FoundPrivilege,
): void {
  const before = map.get(key);
  map.set(key, {
    grantable: grantable || before?.grantable === true,
    ...(ofOwner || before?.ofOwner ? { ofOwner: true } : {}),
    grantors: [...(before?.grantors ?? []), ...grantors],
  });
}
