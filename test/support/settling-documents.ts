import fc from "fast-check";
import type { AccessDocument, DefaultPrivilege, Grant, Membership } from "../../packages/sql/src";

/** Features of the server and its admin. Documents use only what these support. */
export interface Abilities {
  major: number;
  superuser: boolean;
}

/** A declaration, changes by others on the server, and the next declaration. */
export interface Story {
  first: AccessDocument;
  /** Statements by others; the server refuses some of them. */
  strangers: string[];
  second: AccessDocument;
}

export const ROLES = ["settle_a", "settle_B", "settle_c", "settle_d"];
export const DATABASE = "settle_db";

/** Objects with all kinds of names. They belong to the database's owner. */
const BASELINE = `
  create schema fix;
  create table fix.t1 (a int, b int);
  create table fix."T2" (a int, b int);
  create view fix.v as select 1 as a;
  create sequence fix.s1;
  create type fix.mood as enum ('good');
  create function fix.total(integer) returns integer language sql as 'select 1';
  create function fix.total(text) returns integer language sql as 'select 1';
  create function fix."MyFunc"(integer, text[]) returns integer language sql as 'select 1';
  create function fix."MyFunc"(fix.mood) returns integer language sql as 'select 1';
  create procedure fix.run() language sql as 'select 1'`;

const maybe = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arb, { nil: undefined });
/** Omitted fields are absent, not undefined. */
const without = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const some = <T>(values: readonly T[], maxLength = values.length): fc.Arbitrary<T[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength });

/** Higher roles are groups of lower ones, or the reverse, so there is never a circle. */
function memberships(role: string, upwards: boolean, { major }: Abilities): fc.Arbitrary<Membership[]> {
  const at = ROLES.indexOf(role);
  const groups = ROLES.filter((_, i) => (upwards ? i > at : i < at));
  if (groups.length === 0) return fc.constant([]);
  const options = major >= 16 ? { set: maybe(fc.boolean()), inherit: maybe(fc.boolean()) } : {};
  const one = fc.record({ role: fc.constantFrom(...groups), admin: maybe(fc.boolean()), ...options });
  return fc.uniqueArray(one, { maxLength: 3, selector: (m) => m.role }) as fc.Arbitrary<Membership[]>;
}

const user = (role: string, upwards: boolean, abilities: Abilities) =>
  fc.record({
    login: maybe(fc.boolean()),
    inherit: maybe(fc.boolean()),
    createdb: maybe(fc.boolean()),
    connlimit: maybe(fc.constantFrom(-1, 0, 5)),
    validUntil: maybe(fc.constantFrom(null, "2031-01-31", "2031-01-31T12:00:00.123Z", "9999-12-31")),
    comment: maybe(fc.constantFrom("", "a user", "it's \\")),
    parameters: maybe(
      fc.constantFrom<Record<string, string | string[]>>(
        {},
        { work_mem: "8MB", DateStyle: "ISO, DMY" },
        // Only superusers may set a parameter that no module defines.
        { search_path: "fix, public", ...(abilities.superuser ? { "app.x": "" } : { Enable_SeqScan: "off" }) },
        { search_path: ["fix", "My Schema"], TimeZone: "utc" },
      ),
    ),
    memberships: maybe(memberships(role, upwards, abilities)),
  });

/** Each line is one locale in several spellings. A database with the locale can be declared in any of them. */
function locales({ major }: Abilities): Record<string, unknown>[][] {
  return [
    [{}, { encoding: "UTF8" }, { encoding: "utf-8" }, { encoding: "Unicode" }],
    [
      { encoding: "UTF8", locale: "POSIX" },
      { encoding: "UTF-8", locale: "C" },
      { encoding: "utf8", lcCollate: "C", lcCtype: "POSIX" },
    ],
    [
      { encoding: "UTF8", locale: "en_US.UTF-8" },
      { encoding: "utf_8", locale: "en_US.utf8" },
      { lcCollate: "en_US.utf8", lcCtype: "en_US.UTF-8" },
    ],
    [
      { encoding: "latin1", locale: "C" },
      { encoding: "ISO 8859-1", locale: "POSIX" },
    ],
    [
      { encoding: "UTF8", localeProvider: "icu", locale: "C", icuLocale: "en_US.UTF-8" },
      { encoding: "UTF8", localeProvider: "ICU", locale: "POSIX", icuLocale: "en-US" },
      { localeProvider: "icu", locale: "C", icuLocale: "en_US" },
    ],
    ...(major >= 16
      ? [
          [
            { localeProvider: "icu", locale: "C", icuLocale: "de@collation=phonebook" },
            { localeProvider: "icu", locale: "C", icuLocale: "de-u-co-phonebk" },
          ],
        ]
      : []),
    ...(major >= 17
      ? [
          [
            { localeProvider: "builtin", locale: "C.UTF-8" },
            { localeProvider: "builtin", locale: "C.UTF8" },
          ],
        ]
      : []),
  ];
}

const database = (locale: fc.Arbitrary<Record<string, unknown>>) =>
  fc
    .record({
      // The role that runs the baseline.
      owner: fc.constantFrom(...ROLES),
      revokeConnect: maybe(fc.boolean()),
      connlimit: maybe(fc.constantFrom(-1, 7)),
      comment: maybe(fc.constantFrom("", "a database")),
      parameters: maybe(fc.constantFrom<Record<string, string>>({}, { work_mem: "8MB", search_path: '"My", public' })),
      schemas: maybe(
        fc.uniqueArray(
          fc.record({
            name: fc.constantFrom("app", "My Schema"),
            owner: maybe(fc.constantFrom(...ROLES)),
          }),
          { maxLength: 2, selector: (s) => s.name },
        ),
      ),
      locale,
    })
    .map(({ locale: words, ...fields }) => ({ ...fields, ...words, baselineSql: BASELINE }));

const TABLE = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
const TABLES = ["t1", "T2", "v"];
const FUNCTIONS = [
  "total(integer)",
  "total(int4)",
  "total( INT )",
  "total(text)",
  "MyFunc(int, text[])",
  "MyFunc(integer, _text)",
  "MyFunc(fix.mood)",
  "run()",
];

function targets({ superuser }: Abilities): [Partial<Grant> & Pick<Grant, "on">, string[]][] {
  const fix = { database: DATABASE, schema: "fix" };
  return [
    [{ on: "database", database: DATABASE }, ["CREATE", "temp", "TEMPORARY"]],
    [{ on: "database", database: DATABASE }, ["CREATE", "CONNECT", "ALL"]],
    [{ on: "schema", ...fix }, ["USAGE", "create", "ALL"]],
    [{ on: "schema", database: DATABASE, schema: "public" }, ["USAGE", "CREATE"]],
    ...TABLES.map((name): [Partial<Grant> & Pick<Grant, "on">, string[]] => [
      { on: "table", ...fix, name },
      [...TABLE, "ALL PRIVILEGES"],
    ]),
    [{ on: "table", ...fix, name: "t1", columns: ["a"] }, ["SELECT", "UPDATE"]],
    [{ on: "table", ...fix, name: "T2", columns: ["b", "a"] }, ["SELECT", "ALL"]],
    [{ on: "allTables", ...fix }, TABLE],
    [{ on: "sequence", ...fix, name: "s1" }, ["USAGE", "SELECT", "ALL"]],
    [{ on: "allSequences", ...fix }, ["USAGE", "UPDATE"]],
    ...FUNCTIONS.map((name): [Partial<Grant> & Pick<Grant, "on">, string[]] => [
      { on: "function", ...fix, name },
      ["EXECUTE", "all"],
    ]),
    [{ on: "allFunctions", ...fix }, ["EXECUTE"]],
    [{ on: "type", ...fix, name: "mood" }, ["USAGE"]],
    ...(superuser
      ? ([
          [{ on: "language", database: DATABASE, name: "plpgsql" }, ["USAGE"]],
          [{ on: "tablespace", name: "pg_default" }, ["CREATE"]],
          [{ on: "parameter", name: "Work_Mem" }, ["SET", "ALTER SYSTEM"]],
          [{ on: "parameter", name: "log_statement" }, ["SET"]],
        ] as [Partial<Grant> & Pick<Grant, "on">, string[]][])
      : []),
  ];
}

const GRANTEES = [...ROLES, ...ROLES, "public"];

const grant = (abilities: Abilities): fc.Arbitrary<Grant> =>
  fc
    .constantFrom(...targets(abilities), ...(abilities.superuser ? [] : []))
    .chain(([target, words]) =>
      fc.record({
        target: fc.constant(target),
        role: fc.constantFrom(...GRANTEES, ...(abilities.superuser ? ["postgres"] : [])),
        privileges: some(words, 3),
        withGrantOption: maybe(fc.boolean()),
      }),
    )
    .map(({ target, role, privileges, withGrantOption }) => ({
      ...target,
      role,
      privileges,
      ...(role === "public" ? {} : { withGrantOption }),
    }));

const FUTURE: [DefaultPrivilege["on"], string[]][] = [
  ["tables", [...TABLE, "ALL"]],
  ["sequences", ["USAGE", "SELECT", "ALL"]],
  ["functions", ["EXECUTE"]],
  ["types", ["USAGE"]],
  ["schemas", ["USAGE", "CREATE", "ALL"]],
];

const defaultPrivilege: fc.Arbitrary<DefaultPrivilege> = fc
  .constantFrom(...FUTURE)
  .chain(([on, words]) =>
    fc.record({
      on: fc.constant(on),
      owner: fc.constantFrom(...ROLES),
      schema: on === "schemas" ? fc.constant(undefined) : maybe(fc.constantFrom("fix", "public")),
      role: fc.constantFrom(...GRANTEES),
      privileges: some(words, 2),
      withGrantOption: maybe(fc.boolean()),
    }),
  )
  .map(({ withGrantOption, ...p }) => ({
    ...p,
    database: DATABASE,
    ...(p.role === "public" ? {} : { withGrantOption }),
  }));

const labelled = <T>(one: fc.Arbitrary<T>, maxLength: number): fc.Arbitrary<Record<string, T>> =>
  fc.array(one, { maxLength }).map((list) => Object.fromEntries(list.map((item, i) => [`l${i}`, item])));

function document(abilities: Abilities, locale: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<AccessDocument> {
  return fc
    .boolean()
    .chain((upwards) =>
      fc.record({
        users: fc.record(Object.fromEntries(ROLES.map((role) => [role, user(role, upwards, abilities)]))),
        databases: fc.record({ [DATABASE]: database(locale) }),
        grants: labelled(grant(abilities), 8),
        defaultPrivileges: labelled(defaultPrivilege, 6),
      }),
    )
    .map((doc) => withoutContradictions(without(doc) as AccessDocument));
}

/**
 * Only the database decides on PUBLIC's CONNECT. Before 16, a NOINHERIT owner has no rights of pg_database_owner, which
 * owns schema public.
 */
function withoutContradictions(doc: AccessDocument): AccessDocument {
  const owner = doc.users![doc.databases![DATABASE].owner ?? ""];
  if (owner?.inherit === false) delete owner.inherit;
  if (doc.databases![DATABASE].revokeConnect === false) return doc;
  for (const [label, g] of Object.entries(doc.grants!)) {
    if (g.on !== "database" || g.role !== "public") continue;
    g.privileges = g.privileges.filter((p) => !["CONNECT", "ALL"].includes(p));
    if (g.privileges.length === 0) delete doc.grants![label];
  }
  return doc;
}

/** Rights and memberships granted by others, and manual changes. */
function strangers({ major }: Abilities): string[] {
  const pairs = ROLES.flatMap((by) =>
    ROLES.flatMap((role) => ROLES.filter((to) => to !== role && to !== by).map((to) => ({ by, role, to }))),
  );
  const q = (name: string): string => `"${name}"`;
  return [
    ...pairs.map(({ by, role, to }) => `set role ${q(by)}; grant ${q(role)} to ${q(to)}`),
    ...pairs.map(({ by, role, to }) => `set role ${q(by)}; grant ${q(role)} to ${q(to)} with admin option`),
    ...pairs.map(
      ({ by, to }) => `set role ${q(by)}; grant select, update on fix.t1, fix."T2" to ${q(to)} with grant option`,
    ),
    ...pairs.map(({ by, to }) => `set role ${q(by)}; grant select (a) on fix.t1, fix."T2" to ${q(to)}`),
    ...pairs.map(({ by, to }) => `set role ${q(by)}; grant execute on all functions in schema fix to ${q(to)}`),
    ...ROLES.map((role) => `revoke all on fix.t1, fix."T2" from ${q(role)}`),
    ...ROLES.map((role) => `alter default privileges for role ${q(role)} revoke execute on functions from public`),
    ...ROLES.map((role) => `alter default privileges for role ${q(role)} revoke all on tables from ${q(role)}`),
    ...ROLES.map((role) => `alter table fix."T2" owner to ${q(role)}`),
    ...ROLES.map((role) => `alter schema fix owner to ${q(role)}`),
    ...ROLES.map((role) => `alter role ${q(role)} ${major >= 16 ? "noinherit" : ""} connection limit 2`),
    ...(major >= 16 ? pairs.map(({ role, to }) => `grant ${q(role)} to ${q(to)} with inherit false, set false`) : []),
    `revoke all on all tables in schema fix from public`,
    `revoke execute on all functions in schema fix from public`,
    `revoke usage on type fix.mood from public`,
    `grant connect on database ${DATABASE} to public`,
    `revoke all on database ${DATABASE} from public`,
  ];
}

export function stories(abilities: Abilities): fc.Arbitrary<Story> {
  return fc.constantFrom(...locales(abilities)).chain((spellings) => {
    const locale = fc.constantFrom(...spellings);
    return fc.record({
      first: document(abilities, locale),
      strangers: fc.array(fc.constantFrom(...strangers(abilities)), { maxLength: 10, size: "max" }),
      second: document(abilities, locale),
    });
  });
}
