import type { DesiredDatabase } from "./database";
import type { DefaultPrivilege, Grant } from "./grant";
import type { DesiredRole } from "./role";

/** A role in a document, whose key is the name. */
export type UserEntry = Omit<DesiredRole, "name">;
/** A database in a document, whose key is the name. */
export type DatabaseEntry = Omit<DesiredDatabase, "name">;

/**
 * Users, databases and grants as one declaration. Entries that left it since the previous one are removed (users are dropped, databases by
 * their `onDelete`, grants revoked); objects that never were in it are never touched.
 */
export interface AccessDocument {
  /** Roles by name. */
  users?: Record<string, UserEntry>;
  /** Databases by name. */
  databases?: Record<string, DatabaseEntry>;
  /** Grants by a free label that describes the grant. */
  grants?: Record<string, Grant>;
  /** Default privileges by a free label. */
  defaultPrivileges?: Record<string, DefaultPrivilege>;
}

export function rolesOf(doc: AccessDocument | undefined): Map<string, DesiredRole> {
  return new Map(Object.entries(doc?.users ?? {}).map(([name, entry]) => [name, { ...entry, name }]));
}

export function databasesOf(doc: AccessDocument | undefined): Map<string, DesiredDatabase> {
  return new Map(Object.entries(doc?.databases ?? {}).map(([name, entry]) => [name, { ...entry, name }]));
}

export function grantsOf(doc: AccessDocument | undefined): Grant[] {
  return Object.values(doc?.grants ?? {});
}

export function defaultPrivilegesOf(doc: AccessDocument | undefined): DefaultPrivilege[] {
  return Object.values(doc?.defaultPrivileges ?? {});
}

/** Every role that a document names, declared in it or not, for reading the catalog. */
export function roleNamesOf(doc: AccessDocument | undefined): string[] {
  const names = new Set<string>();
  for (const [name, role] of rolesOf(doc)) {
    names.add(name);
    for (const m of role.memberships ?? []) names.add(m.role);
  }
  for (const database of databasesOf(doc).values()) {
    if (database.owner !== undefined) names.add(database.owner);
    for (const schema of database.schemas ?? []) if (schema.owner !== undefined) names.add(schema.owner);
  }
  for (const g of grantsOf(doc)) names.add(g.role);
  for (const p of defaultPrivilegesOf(doc)) names.add(p.role).add(p.owner);
  names.delete("public");
  return [...names].sort();
}

/** Every database that a document names. */
export function databaseNamesOf(doc: AccessDocument | undefined): string[] {
  const names = new Set(databasesOf(doc).keys());
  for (const role of rolesOf(doc).values()) for (const name of Object.keys(role.parametersIn ?? {})) names.add(name);
  for (const g of grantsOf(doc)) if (g.database !== undefined) names.add(g.database);
  for (const p of defaultPrivilegesOf(doc)) names.add(p.database);
  return [...names].sort();
}
