import { AccessDocument, databasesOf } from "./access";
import { DesiredDatabase } from "./database";
import { encodingForm, localeForm } from "./locale-form";

/** A change that cannot be made in place. */
export interface ImmutableChange {
  /** The field. */
  field: string;
  from: string;
  to: string;
  /** Why it cannot be changed in place. */
  reason: string;
}

const same = (text: string): string => text;
const LOCALE = "indexes are ordered by the locale that the database was made with";

interface ImmutableField {
  field: "name" | "template" | "encoding" | "locale" | "lcCollate" | "lcCtype" | "localeProvider" | "icuLocale";
  form: (text: string) => string;
  reason: string;
}

const FIELDS: readonly ImmutableField[] = [
  { field: "name", form: same, reason: "a database is known by its name: clients, poolers and backups use it" },
  { field: "template", form: same, reason: "a template is copied only when a database is made" },
  {
    field: "encoding",
    form: encodingForm,
    reason: "PostgreSQL stores all text in the encoding that the database was made with",
  },
  { field: "locale", form: localeForm, reason: LOCALE },
  { field: "lcCollate", form: localeForm, reason: LOCALE },
  { field: "lcCtype", form: localeForm, reason: LOCALE },
  { field: "localeProvider", form: (s) => s.toLowerCase(), reason: LOCALE },
  { field: "icuLocale", form: localeForm, reason: LOCALE },
];

/**
 * Which changed fields of a database need a new database, whose data is empty. A field that was not declared before, or
 * is not now, is none of them: writing down what the server has must not replace anything, and where it is not what
 * the server has, applyDatabase() says so.
 */
export function immutableDatabaseChanges(previous: DesiredDatabase, next: DesiredDatabase): ImmutableChange[] {
  return FIELDS.flatMap(({ field, form, reason }) => {
    const [from, to] = [previous[field], next[field]];
    return from === undefined || to === undefined || form(from) === form(to) ? [] : [{ field, from, to, reason }];
  });
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
