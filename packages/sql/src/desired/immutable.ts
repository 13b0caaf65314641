import { AccessDocument, databasesOf } from "./access";
import { DesiredDatabase } from "./database";

/** A change that cannot be made in place. */
export interface ImmutableChange {
  /** The field. */
  field: string;
  from: string;
  to: string;
  /** Why it cannot be changed in place. */
  reason: string;
}

const FIELDS: readonly { field: keyof DesiredDatabase; reason: string }[] = [
  { field: "name", reason: "a database is known by its name: clients, poolers and backups use it" },
  { field: "template", reason: "a template is copied only when a database is made" },
  { field: "encoding", reason: "PostgreSQL stores all text in the encoding that the database was made with" },
  { field: "locale", reason: "indexes are ordered by the locale that the database was made with" },
  { field: "lcCollate", reason: "indexes are ordered by the locale that the database was made with" },
  { field: "lcCtype", reason: "indexes are ordered by the locale that the database was made with" },
  { field: "localeProvider", reason: "indexes are ordered by the locale that the database was made with" },
  { field: "icuLocale", reason: "indexes are ordered by the locale that the database was made with" },
];

/** Which changed fields of a database need a new database, whose data is empty. */
export function immutableDatabaseChanges(previous: DesiredDatabase, next: DesiredDatabase): ImmutableChange[] {
  const text = (value: unknown): string => (value === undefined ? "the server's default" : String(value));
  return FIELDS.filter(({ field }) => previous[field] !== next[field]).map(({ field, reason }) => ({
    field,
    from: text(previous[field]),
    to: text(next[field]),
    reason,
  }));
}

/** Which changed fields of a role need a new role: its name, for it is the user name of every client. */
export function immutableRoleChanges(previous: { name: string }, next: { name: string }): ImmutableChange[] {
  if (previous.name === next.name) return [];
  return [{ field: "name", from: previous.name, to: next.name, reason: "a user name is what clients log in with" }];
}

/** The same for every database that two documents share; `field` is the path in the document. */
export function immutableChanges(previous: AccessDocument | undefined, next: AccessDocument): ImmutableChange[] {
  const before = databasesOf(previous);
  return [...databasesOf(next)].flatMap(([name, database]) => {
    const old = before.get(name);
    if (!old) return [];
    return immutableDatabaseChanges(old, database).map((c) => ({ ...c, field: `databases.${name}.${c.field}` }));
  });
}
