import type { AccessDocument } from "../desired/access";
import type { DefaultPrivilege, Grant } from "../desired/grant";
import type { CatalogObject } from "../catalog/types";
import {
  cluster,
  database,
  hosted,
  inside,
  privileges,
  problemsOf,
  role,
  sqlOf,
  superuser,
  table,
} from "../../../../test/support/sql-catalog";

const roles = [role("a"), role("b"), role("o")];
const on = (g: Omit<Grant, "role" | "database">): Grant => ({ role: "a", database: "shop", ...g });
const doc = (...grants: Grant[]): AccessDocument => ({
  grants: Object.fromEntries(grants.map((g, i) => [`g${i}`, g])),
});
const objects: CatalogObject[] = [
  { kind: "schema", schema: "", name: "app", owner: "o" },
  table("app", "t1", "o"),
  table("app", "t2", "o"),
  { ...table("app", "of_extension", "root"), ofExtension: true },
  { kind: "sequence", schema: "app", name: "s", owner: "o" },
  { kind: "function", schema: "app", name: "total(int)", owner: "o", sqlName: "app.total(integer)" },
];
const plan = (
  previous: AccessDocument,
  next: AccessDocument,
  shared = privileges(),
  own = privileges(),
  server = superuser,
) =>
  sqlOf({
    previous,
    next,
    cluster: cluster({ server, roles, databases: [database("shop")], privileges: shared }),
    databases: { shop: inside(objects, own) },
  });

describe("grants", () => {
  const select = on({ on: "table", schema: "app", name: "t1", privileges: ["select"] });
  const hasSelect = privileges(["table", "app", "t1", "", "a", "SELECT"]);
  it.each<[string, string[], string[]]>([
    [
      "on a database",
      plan({}, doc(on({ on: "database", privileges: ["CONNECT", "TEMP"] }))),
      [`GRANT CONNECT, TEMPORARY ON DATABASE "shop" TO "a"`],
    ],
    [
      "to everybody",
      plan({}, doc({ role: "public", on: "database", database: "shop", privileges: ["CONNECT"] })),
      [`GRANT CONNECT ON DATABASE "shop" TO PUBLIC`],
    ],
    [
      "on a tablespace and a parameter",
      plan(
        {},
        doc(
          { role: "a", on: "tablespace", name: "fast", privileges: ["ALL"] },
          { role: "a", on: "parameter", name: "Log_Statement", privileges: ["SET"] },
        ),
      ),
      [`GRANT CREATE ON TABLESPACE "fast" TO "a"`, `GRANT SET ON PARAMETER "log_statement" TO "a"`],
    ],
    [
      "on a schema",
      plan({}, doc(on({ on: "schema", schema: "app", privileges: ["USAGE"] }))),
      [`shop: GRANT USAGE ON SCHEMA "app" TO "a"`],
    ],
    ["on a table", plan({}, doc(select)), [`shop: GRANT SELECT ON TABLE "app"."t1" TO "a"`]],
    [
      "ALL on a table of 17",
      plan({}, doc(on({ on: "table", schema: "app", name: "t1", privileges: ["ALL"] }))),
      [
        `shop: GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN ON TABLE "app"."t1" TO "a"`,
      ],
    ],
    [
      "on columns",
      plan(
        {},
        doc(on({ on: "table", schema: "app", name: "t1", columns: ["x", "y"], privileges: ["SELECT", "UPDATE"] })),
      ),
      [`shop: GRANT SELECT ("x", "y"), UPDATE ("x", "y") ON TABLE "app"."t1" TO "a"`],
    ],
    [
      "on all tables, where they are missing",
      plan({}, doc(on({ on: "allTables", schema: "app", privileges: ["SELECT"] })), privileges(), hasSelect),
      [`shop: GRANT SELECT ON TABLE "app"."t2" TO "a"`],
    ],
    [
      "on all sequences and functions",
      plan(
        {},
        doc(
          on({ on: "allSequences", schema: "app", privileges: ["USAGE"] }),
          on({ on: "allFunctions", schema: "app", privileges: ["EXECUTE"] }),
        ),
      ),
      [`shop: GRANT USAGE ON SEQUENCE "app"."s" TO "a"`, `shop: GRANT EXECUTE ON ROUTINE app.total(integer) TO "a"`],
    ],
    [
      "many roles in one statement",
      plan({}, doc(select, { ...select, role: "b" })),
      [`shop: GRANT SELECT ON TABLE "app"."t1" TO "a", "b"`],
    ],
    ["there already: nothing", plan(doc(select), doc(select), privileges(), hasSelect), []],
    ["there already, by somebody else: left when undeclared", plan({}, {}, privileges(), hasSelect), []],
    [
      "no longer declared: revoked",
      plan(doc(select), {}, privileges(), hasSelect),
      [`shop: REVOKE SELECT ON TABLE "app"."t1" FROM "a"`],
    ],
    ["no longer declared and not there: nothing", plan(doc(select), {}), []],
    [
      "still declared by another label: kept",
      plan(doc(select, { ...select, privileges: ["SELECT"] }), doc(select), privileges(), hasSelect),
      [],
    ],
    [
      "with grant option",
      plan({}, doc({ ...select, withGrantOption: true }), privileges(), hasSelect),
      [`shop: GRANT SELECT ON TABLE "app"."t1" TO "a" WITH GRANT OPTION`],
    ],
    [
      "grant option no longer",
      plan(
        doc({ ...select, withGrantOption: true }),
        doc(select),
        privileges(),
        privileges(["table", "app", "t1", "", "a", "SELECT", true]),
      ),
      [`shop: REVOKE GRANT OPTION FOR SELECT ON TABLE "app"."t1" FROM "a" CASCADE`],
    ],
    [
      "a hosted admin borrows the table's owner",
      plan({}, doc(select), privileges(), privileges(), hosted),
      [
        `shop: GRANT "o" TO "admin" WITH INHERIT TRUE, SET TRUE`,
        `shop: SET LOCAL ROLE "o"`,
        `shop: GRANT SELECT ON TABLE "app"."t1" TO "a"`,
        "shop: SET LOCAL ROLE NONE",
        `shop: REVOKE "o" FROM "admin"`,
      ],
    ],
    [
      "on 15 without options",
      plan({}, doc(select), privileges(), privileges(), { ...hosted, version: 150000 }),
      [
        `shop: GRANT "o" TO "admin"`,
        `shop: SET LOCAL ROLE "o"`,
        `shop: GRANT SELECT ON TABLE "app"."t1" TO "a"`,
        "shop: SET LOCAL ROLE NONE",
        `shop: REVOKE "o" FROM "admin"`,
      ],
    ],
  ])("%s", (_what, actual, expected) => expect(actual).toEqual(expected));

  it("reports all contradictory grants at once", () => {
    const bad = doc(
      { role: "gone", on: "database", database: "nowhere", privileges: ["CONNECT"] },
      on({ on: "table", privileges: ["SELECT"] }),
      on({ on: "function", name: "total", privileges: ["EXECUTE"] }),
      on({ on: "schema", columns: ["x"], privileges: ["SELECT"] }),
      on({ on: "table", schema: "app", name: "t9", privileges: ["SELECT"] }),
      { role: "a", on: "table", name: "t", privileges: [] },
    );
    const problems = problemsOf(
      bad,
      { roles, databases: [database("shop")] },
      { databases: { shop: inside(objects) } },
    );
    expect(problems).toEqual(
      expect.arrayContaining([
        `grants.g0.role: the role does not exist, got "gone"; declare that user too, or create it before`,
        `grants.g0: the database does not exist, got "nowhere"; declare it, or create it before`,
        "grants.g1.name: must be given for table, got nothing; name the object",
        `grants.g2.name: must be a function with its argument types, got "total"; write it as "total(integer, date)", or "now()" without arguments`,
        `grants.g3.columns: schema has no columns, got ["x"]; leave it out, or use on: table`,
        `grants.g3.privileges: unknown privilege for schema, got "SELECT"; use USAGE, CREATE or ALL`,
        "grants.g4: there is no such table in database shop, got app.t9; create it first (baselineSql, a migration), or grant it by defaultPrivileges, or on all objects of the schema",
        "grants.g5.database: must be given for table, got nothing; name the database",
        "grants.g5.privileges: must not be empty, got []; name a privilege, or ALL",
      ]),
    );
  });
});

describe("default privileges", () => {
  const d = (more: Partial<DefaultPrivilege> = {}): DefaultPrivilege => ({
    database: "shop",
    owner: "o",
    on: "tables",
    role: "a",
    privileges: ["SELECT"],
    ...more,
  });
  const defaults = (previous: DefaultPrivilege[], next: DefaultPrivilege[], has = privileges(), server = superuser) =>
    sqlOf({
      previous: { defaultPrivileges: Object.fromEntries(previous.map((p, i) => [`d${i}`, p])) },
      next: { defaultPrivileges: Object.fromEntries(next.map((p, i) => [`d${i}`, p])) },
      cluster: cluster({ server, roles, databases: [database("shop")] }),
      databases: { shop: inside([], new Map(), { defaultPrivileges: has }) },
    });
  const has = privileges(["tables", "", "o", "", "a", "SELECT"]);
  it.each<[string, string[], string[]]>([
    ["missing", defaults([], [d()]), [`shop: ALTER DEFAULT PRIVILEGES FOR ROLE "o" GRANT SELECT ON TABLES TO "a"`]],
    [
      "in one schema, with grant option",
      defaults([], [d({ schema: "app", withGrantOption: true })]),
      [`shop: ALTER DEFAULT PRIVILEGES FOR ROLE "o" IN SCHEMA "app" GRANT SELECT ON TABLES TO "a" WITH GRANT OPTION`],
    ],
    ["there already", defaults([d()], [d()], has), []],
    [
      "no longer declared",
      defaults([d()], [], has),
      [`shop: ALTER DEFAULT PRIVILEGES FOR ROLE "o" REVOKE SELECT ON TABLES FROM "a"`],
    ],
    [
      "by a hosted admin",
      defaults([], [d({ on: "schemas", privileges: ["USAGE"] })], privileges(), hosted),
      [
        `shop: GRANT "o" TO "admin" WITH INHERIT TRUE, SET TRUE`,
        `shop: ALTER DEFAULT PRIVILEGES FOR ROLE "o" GRANT USAGE ON SCHEMAS TO "a"`,
        `shop: REVOKE "o" FROM "admin"`,
      ],
    ],
  ])("%s", (_what, actual, expected) => expect(actual).toEqual(expected));
});
