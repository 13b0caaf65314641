import { planAccess } from "./access";
import { cluster, database, hosted, role, sqlOf, superuser } from "../../../../test/support/sql-catalog";

const roles = [role("a"), role("o"), role("heir")];
const databases = [database("shop", { owner: "o", ownerAdminHas: false }), database("postgres")];

describe("what left the declaration", () => {
  it("a role leaves every database that its objects or rights are in, then goes", () => {
    const plan = planAccess({
      previous: {
        users: { a: {} },
        grants: { g: { role: "a", on: "database", database: "shop", privileges: ["CONNECT"] } },
      },
      next: {},
      cluster: cluster({ roles, databases }),
      dependants: [
        { role: "a", database: "shop", owns: true, grantors: [] },
        { role: "a", database: "postgres", owns: true, grantors: [] },
      ],
    });
    expect(plan.statements.map((s) => [s.database, s.sql, s.destructive])).toEqual([
      ["shop", `REASSIGN OWNED BY "a" TO "o"`, false],
      ["shop", `DROP OWNED BY "a"`, true],
      ["postgres", `REASSIGN OWNED BY "a" TO "admin"`, false],
      ["postgres", `DROP OWNED BY "a"`, true],
      [undefined, `DROP ROLE "a"`, true],
    ]);
  });

  it("what the owner of a database owned goes to the admin, or to whom it is said", () => {
    const input = {
      previous: { users: { o: {} } },
      next: {},
      cluster: cluster({ roles, databases }),
      dependants: [{ role: "o", database: "shop", owns: true, grantors: [] }],
    };
    expect(sqlOf(input)[0]).toBe(`shop: REASSIGN OWNED BY "o" TO "admin"`);
    expect(sqlOf({ ...input, options: { reassignOwnedTo: "heir" } })[0]).toBe(`shop: REASSIGN OWNED BY "o" TO "heir"`);
  });

  it.each([
    ["16 and later", hosted, " WITH INHERIT TRUE, SET TRUE"],
    ["15", { ...hosted, version: 150000 }, ""],
  ])("a hosted admin makes itself a member first, and no longer: %s", (_what, server, options) => {
    const input = {
      previous: { users: { a: {} } },
      next: {},
      cluster: cluster({ server, roles, databases }),
      dependants: [{ role: "a", database: "shop", owns: true, grantors: [] }],
    };
    expect(sqlOf(input)).toEqual([
      `shop: GRANT "a" TO "admin"${options}`,
      `shop: GRANT "o" TO "admin"${options}`,
      `shop: REASSIGN OWNED BY "a" TO "o"`,
      `shop: DROP OWNED BY "a"`,
      `shop: REVOKE "a" FROM "admin"`,
      `shop: REVOKE "o" FROM "admin"`,
      `DROP ROLE "a"`,
    ]);
  });

  it("a membership that the admin had before is what it was", () => {
    const own = { role: "a", member: "admin", grantor: "admin", admin: false, inherit: false, set: true };
    const input = {
      previous: { users: { a: {} } },
      next: {},
      cluster: cluster({ server: hosted, roles, databases, memberships: [own] }),
      dependants: [{ role: "a", database: "postgres", owns: true, grantors: [] }],
    };
    expect(sqlOf(input)).toContain(`postgres: GRANT "a" TO "admin" WITH INHERIT FALSE, SET TRUE`);
  });

  it.each([
    ["retained unless asked", undefined, superuser, []],
    ["dropped when asked", "drop" as const, superuser, [`DROP DATABASE "shop" WITH (FORCE)`]],
    [
      "dropped by a hosted admin, who owns it first",
      "drop" as const,
      hosted,
      [
        `GRANT "o" TO "admin" WITH INHERIT TRUE, SET TRUE`,
        `ALTER DATABASE "shop" OWNER TO "admin"`,
        `REVOKE "o" FROM "admin"`,
        `DROP DATABASE "shop" WITH (FORCE)`,
      ],
    ],
  ])("a database is %s", (_what, onDelete, server, expected) => {
    const input = {
      previous: { databases: { shop: { onDelete } } },
      next: {},
      cluster: cluster({ server, roles, databases }),
    };
    expect(sqlOf(input)).toEqual(expected);
  });

  it("nothing is handed over where nothing is owned, nor to a superuser by a hosted admin", () => {
    const parts = {
      server: hosted,
      roles: [role("a"), role("su", { superuser: true })],
      databases: [database("postgres", { owner: "su" })],
    };
    const plan = (owns: boolean) =>
      sqlOf({
        previous: { users: { a: {} } },
        next: {},
        cluster: cluster(parts),
        dependants: [{ role: "a", database: "postgres", owns, grantors: [] }],
      });
    expect(plan(false)).not.toContainEqual(expect.stringContaining("REASSIGN"));
    expect(plan(true)).toContain(`postgres: REASSIGN OWNED BY "a" TO "admin"`);
  });

  it("a hosted admin acts for those whose objects the role has rights on", () => {
    const dependants = [{ role: "a", database: "shop", owns: false, grantors: ["o", "admin"] }];
    const input = { previous: { users: { a: {} } }, next: {}, cluster: cluster({ server: hosted, roles, databases }) };
    expect(sqlOf({ ...input, dependants }).slice(0, 3)).toEqual([
      `shop: GRANT "a" TO "admin" WITH INHERIT TRUE, SET TRUE`,
      `shop: GRANT "o" TO "admin" WITH INHERIT TRUE, SET TRUE`,
      `shop: DROP OWNED BY "a"`,
    ]);
  });

  it("what is gone already is no work", () => {
    expect(
      sqlOf({ previous: { users: { x: {} }, databases: { y: { onDelete: "drop" } } }, next: {}, cluster: cluster() }),
    ).toEqual([]);
  });
});
