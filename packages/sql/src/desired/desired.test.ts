import { databaseNamesOf, roleNamesOf } from "./access";
import { immutableChanges, immutableDatabaseChanges, immutableRoleChanges } from "./immutable";
import { roleTemplates, templatePrivileges } from "./templates";

describe("immutableDatabaseChanges", () => {
  it.each([
    ["nothing", { encoding: "UTF8" }, { encoding: "UTF8", connlimit: 4 }, []],
    ["another spelling", { encoding: "UTF8", locale: "en_US.UTF-8" }, { encoding: "utf-8", locale: "en_US.utf8" }, []],
    ["what was never declared is written down", {}, { encoding: "UTF8", template: "t" }, []],
    ["what was declared is left out", { encoding: "UTF8" }, {}, []],
    ["an encoding", { encoding: "UTF8" }, { encoding: "LATIN1" }, ["encoding"]],
    [
      "every field",
      { template: "a", encoding: "a", locale: "a", lcCollate: "a", lcCtype: "a", localeProvider: "a", icuLocale: "a" },
      { template: "b", encoding: "b", locale: "b", lcCollate: "b", lcCtype: "b", localeProvider: "b", icuLocale: "b" },
      ["template", "encoding", "locale", "lcCollate", "lcCtype", "localeProvider", "icuLocale"],
    ],
  ])("%s", (_what, previous, next, fields) => {
    const changes = immutableDatabaseChanges({ name: "d", ...previous }, { name: "d", ...next });
    expect(changes.map((c) => c.field)).toEqual(fields);
  });

  it("names the field in a document", () => {
    const changes = immutableChanges(
      { databases: { d: { encoding: "UTF8" } } },
      { databases: { d: { encoding: "LATIN1" }, e: {} } },
    );
    expect(changes).toEqual([
      {
        field: "databases.d.encoding",
        from: "UTF8",
        to: "LATIN1",
        reason: "PostgreSQL stores all text in the encoding that the database was made with",
      },
    ]);
  });

  it("a name is one, of a role too", () => {
    expect(immutableRoleChanges({ name: "a" }, { name: "b" })).toHaveLength(1);
    expect(immutableRoleChanges({ name: "a" }, { name: "a" })).toEqual([]);
  });
});

test("a document's names are all that the catalog is asked for", () => {
  const doc = {
    users: { u: { memberships: [{ role: "g" }] } },
    databases: { d: { owner: "o", schemas: [{ name: "s", owner: "so" }] } },
    grants: {
      x: { role: "r", on: "database" as const, database: "e", privileges: ["ALL"] },
      y: { role: "public", on: "tablespace" as const, name: "t", privileges: ["ALL"] },
    },
    defaultPrivileges: { z: { database: "f", owner: "do", on: "tables" as const, role: "dr", privileges: ["ALL"] } },
  };
  expect(roleNamesOf(doc)).toEqual(["do", "dr", "g", "o", "r", "so", "u"]);
  expect(databaseNamesOf(doc)).toEqual(["d", "e", "f"]);
  expect(roleNamesOf(undefined)).toEqual([]);
});

describe("role templates", () => {
  it("are four groups that nobody logs in as", () => {
    const roles = roleTemplates();
    expect(Object.keys(roles)).toEqual(["dbrole_readonly", "dbrole_readwrite", "dbrole_admin", "dbrole_offline"]);
    expect(Object.values(roles).every((r) => r.login === false)).toBe(true);
    expect(roles.dbrole_admin.memberships).toEqual([{ role: "dbrole_readwrite" }]);
  });

  it("have rights on what is there and on what each creator will make", () => {
    const { grants, defaultPrivileges } = templatePrivileges("shop", ["owner", "migrator"], ["public", "app"]);
    expect(grants["shop/app/tables/dbrole_readwrite"]).toEqual({
      role: "dbrole_readwrite",
      on: "allTables",
      database: "shop",
      schema: "app",
      privileges: ["INSERT", "UPDATE", "DELETE"],
    });
    expect(defaultPrivileges["shop/migrator/schemas/dbrole_admin"]).toEqual({
      database: "shop",
      owner: "migrator",
      on: "schemas",
      role: "dbrole_admin",
      privileges: ["CREATE"],
    });
    // 4 CONNECT; 12 rules on two schemas and for two creators.
    expect([Object.keys(grants).length, Object.keys(defaultPrivileges).length]).toEqual([28, 24]);
  });
});
