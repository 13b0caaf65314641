import { databaseNamesOf, roleNamesOf } from "./access";
import { immutableDatabaseChanges, immutableRoleChanges } from "./immutable";
import { roleTemplates, templatePrivileges } from "./templates";

describe("immutableDatabaseChanges", () => {
  it.each([
    ["nothing", { template: "t" }, { template: "t" }, []],
    ["what was never declared is written down", {}, { template: "t" }, []],
    ["what was declared is left out", { template: "t" }, {}, []],
    ["a template", { template: "a" }, { template: "b" }, ["template"]],
    // Only the server knows their spellings.
    ["a locale", { icuLocale: "en_US.UTF-8", encoding: "a" }, { icuLocale: "en-US", encoding: "b" }, []],
  ])("%s", (_what, previous, next, fields) => {
    const changes = immutableDatabaseChanges({ name: "d", ...previous }, { name: "d", ...next });
    expect(changes.map((c) => c.field)).toEqual(fields);
  });

  it("include a new name, of a role, too", () => {
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
  it("are four groups without login", () => {
    const roles = roleTemplates();
    expect(Object.keys(roles)).toEqual(["dbrole_readonly", "dbrole_readwrite", "dbrole_admin", "dbrole_offline"]);
    expect(Object.values(roles).every((r) => r.login === false)).toBe(true);
    expect(roles.dbrole_admin.memberships).toEqual([{ role: "dbrole_readwrite" }]);
  });

  it("have rights on existing objects and on future objects of each creator", () => {
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
