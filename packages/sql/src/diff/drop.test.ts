import { planAccess } from "./access";
import type { Grant } from "../desired/grant";
import {
  cluster,
  database,
  hosted,
  owned,
  privileges,
  role,
  sqlOf,
  superuser,
} from "../../../../test/support/sql-catalog";

const roles = [role("a"), role("o"), role("heir")];
const databases = [database("shop", { owner: "o", ownerAdminHas: false }), database("postgres")];
const ownership = owned({ roles: ["a", "o", "x"], databases: ["shop", "y"] });
const [HEIR, MAIN_HEIR] = ["pgharbor_heir_16404_0", "pgharbor_heir_16408_0"];

describe("an object that left the declaration", () => {
  it("a role is removed from every database with its objects or rights, then dropped", () => {
    const plan = planAccess({
      previous: {
        users: { a: {} },
        grants: { g: { role: "a", on: "database", database: "shop", privileges: ["CONNECT"] } },
      },
      next: {},
      ownership,
      cluster: cluster({ roles, databases }),
      dependants: [
        { role: "a", database: "shop", owns: true, grantors: [] },
        { role: "a", database: "postgres", owns: true, grantors: [] },
      ],
    });
    expect(plan.statements.map((s) => [s.database, s.sql, s.destructive])).toEqual([
      ["shop", `REASSIGN OWNED BY "a" TO "${HEIR}"`, false],
      ["shop", `DROP OWNED BY "a"`, true],
      ["postgres", `REASSIGN OWNED BY "a" TO "${MAIN_HEIR}"`, false],
      ["postgres", `DROP OWNED BY "a"`, true],
      [undefined, `DROP ROLE "a"`, true],
    ]);
  });

  it("a dropped role's objects go to a role without rights, or to the declared one", () => {
    const input = {
      previous: { users: { o: {} } },
      next: {},
      ownership,
      cluster: cluster({ roles, databases }),
      dependants: [{ role: "o", database: "shop", owns: true, grantors: [] }],
    };
    expect(sqlOf(input)[0]).toBe(`shop: REASSIGN OWNED BY "o" TO "${HEIR}"`);
    expect(sqlOf({ ...input, options: { reassignOwnedTo: "heir" } })[0]).toBe(`shop: REASSIGN OWNED BY "o" TO "heir"`);
  });

  it.each([
    ["16 and later", hosted, " WITH INHERIT TRUE, SET TRUE"],
    ["15", { ...hosted, version: 150000 }, ""],
  ])("a hosted admin makes itself a member first, and no longer: %s", (_what, server, options) => {
    const input = {
      previous: { users: { a: {} } },
      next: {},
      ownership,
      cluster: cluster({ server, roles, databases }),
      dependants: [{ role: "a", database: "shop", owns: true, grantors: [] }],
    };
    expect(sqlOf(input)).toEqual([
      `shop: GRANT "a" TO "admin"${options}`,
      `shop: GRANT "${HEIR}" TO "admin"${options}`,
      `shop: GRANT "o" TO "admin"${options}`,
      `shop: REASSIGN OWNED BY "a" TO "${HEIR}"`,
      `shop: REVOKE "a" FROM "admin"`,
      `shop: REVOKE "${HEIR}" FROM "admin"`,
      `shop: REVOKE "o" FROM "admin"`,
      `shop: GRANT "a" TO "admin"${options}`,
      `shop: GRANT "o" TO "admin"${options}`,
      `shop: DROP OWNED BY "a"`,
      `shop: REVOKE "a" FROM "admin"`,
      `shop: REVOKE "o" FROM "admin"`,
      `DROP ROLE "a"`,
    ]);
  });

  it("an earlier membership of the admin is restored", () => {
    const own = {
      role: "a",
      member: "admin",
      grantor: "admin",
      admin: false,
      inherit: false,
      set: true,
      reachable: true,
    };
    const input = {
      previous: { users: { a: {} } },
      next: {},
      ownership,
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
      ownership,
      cluster: cluster({ server, roles, databases }),
    };
    expect(sqlOf(input)).toEqual(expected);
  });

  it("a role without objects hands nothing over, and a hosted admin does not act for a superuser", () => {
    const parts = {
      server: hosted,
      roles: [role("a"), role("su", { superuser: true })],
      databases: [database("postgres", { owner: "su" })],
    };
    const plan = (owns: boolean) =>
      sqlOf({
        previous: { users: { a: {} } },
        next: {},
        ownership,
        cluster: cluster(parts),
        dependants: [{ role: "a", database: "postgres", owns, grantors: [] }],
      });
    expect(plan(false)).not.toContainEqual(expect.stringContaining("REASSIGN"));
    expect(plan(true)).toContain(`postgres: REASSIGN OWNED BY "a" TO "${MAIN_HEIR}"`);
    expect(plan(true)).not.toContainEqual(expect.stringContaining(`GRANT "su"`));
  });

  it("a hosted admin acts for the owners of objects on which the role has rights", () => {
    const dependants = [{ role: "a", database: "shop", owns: false, grantors: ["o", "admin"] }];
    const parts = { server: hosted, roles, databases };
    const input = { previous: { users: { a: {} } }, next: {}, ownership, cluster: cluster(parts) };
    expect(sqlOf({ ...input, dependants }).slice(0, 3)).toEqual([
      `shop: GRANT "a" TO "admin" WITH INHERIT TRUE, SET TRUE`,
      `shop: GRANT "o" TO "admin" WITH INHERIT TRUE, SET TRUE`,
      `shop: DROP OWNED BY "a"`,
    ]);
  });

  it("a missing object needs no statement", () => {
    expect(
      sqlOf({
        previous: { users: { x: {} }, databases: { y: { onDelete: "drop" } } },
        next: {},
        ownership,
        cluster: cluster(),
      }),
    ).toEqual([]);
  });

  it.each([
    ["no record can be kept", undefined],
    ["another declaration manages it now", owned({ roles: ["a"], databases: ["shop"] }, { declaration: "theirs" })],
    ["somebody made it anew", owned({ roles: ["a"], databases: ["shop"] }, { current: false })],
    ["nobody recorded it", owned({})],
  ])("stays where %s", (_why, record) => {
    const previous = { users: { a: {} }, databases: { shop: { onDelete: "drop" as const } } };
    expect(sqlOf({ previous, next: {}, ownership: record, cluster: cluster({ roles, databases }) })).toEqual([]);
  });

  it("an adopted role stays unless onDelete drops it", () => {
    const plan = (onDelete?: "drop") =>
      sqlOf({
        previous: { users: { a: { onDelete } } },
        next: {},
        ownership: owned({ roles: ["a"] }, { adopted: true }),
        cluster: cluster({ roles, databases }),
      });
    expect(plan()).toEqual([]);
    expect(plan("drop")).toEqual([`DROP ROLE "a"`]);
  });

  it("a grant that another declaration also has is not revoked", () => {
    const grant = { role: "a", on: "database", database: "shop", privileges: ["CONNECT"] } as const;
    const has = privileges(["database", "", "shop", "", "a", "CONNECT"]);
    const plan = (others: Grant[]) =>
      sqlOf({
        previous: { grants: { g: { ...grant, privileges: ["CONNECT"] } } },
        next: {},
        ownership: { ...ownership, others: { grants: others, defaultPrivileges: [] } },
        cluster: cluster({ roles, databases, privileges: has }),
      });
    expect(plan([])).toEqual([`REVOKE CONNECT ON DATABASE "shop" FROM "a"`]);
    expect(plan([{ ...grant, privileges: ["connect"] }])).toEqual([]);
  });
});
