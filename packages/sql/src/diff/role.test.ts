import type { UserEntry } from "../desired/access";
import { planAccess } from "./access";
import { cluster, hosted, problemsOf, role, sqlOf, superuser } from "../../../../test/support/sql-catalog";

describe("a missing role", () => {
  it.each<[string, UserEntry, string[]]>([
    ["is a user by default", {}, [`CREATE ROLE "a" LOGIN`]],
    ["is a group when it says so", { login: false }, [`CREATE ROLE "a"`]],
    [
      "gets every attribute",
      {
        superuser: true,
        createdb: true,
        createrole: true,
        inherit: false,
        replication: true,
        bypassrls: true,
        connlimit: 5,
        validUntil: "2027-01-31",
      },
      [
        `CREATE ROLE "a" LOGIN SUPERUSER CREATEDB CREATEROLE NOINHERIT REPLICATION BYPASSRLS CONNECTION LIMIT 5 VALID UNTIL '2027-01-31T00:00:00.000Z'`,
      ],
    ],
    [
      "gets its verifier apart from the rest",
      { passwordVerifier: "SCRAM-SHA-256$x" },
      [`CREATE ROLE "a" LOGIN`, `ALTER ROLE "a" PASSWORD 'SCRAM-SHA-256$x'`],
    ],
    ["has no password when told so", { passwordVerifier: null }, [`CREATE ROLE "a" LOGIN`]],
    [
      "gets parameters and a comment",
      { parameters: { search_path: "app, public", work_mem: "8MB" }, comment: "it's a" },
      [
        `CREATE ROLE "a" LOGIN`,
        `ALTER ROLE "a" SET "search_path" TO 'app', 'public'`,
        `ALTER ROLE "a" SET "work_mem" TO '8MB'`,
        `COMMENT ON ROLE "a" IS 'it''s a'`,
      ],
    ],
  ])("%s", (_what, entry, expected) => expect(sqlOf({ next: { users: { a: entry } } })).toEqual(expected));

  it("never shows its verifier, and keeps it out of the log", () => {
    const { statements } = planAccess({
      next: { users: { a: { passwordVerifier: "SCRAM-SHA-256$x" } } },
      cluster: cluster(),
    });
    expect(statements[1]).toMatchObject({
      display: `ALTER ROLE "a" PASSWORD '***'`,
      sensitive: true,
      reason: "role a is new",
    });
  });
});

describe("an existing role", () => {
  const found = {
    verifier: "SCRAM-SHA-256$x",
    comment: "old",
    connlimit: 5,
    validUntil: "2027-01-31T00:00:00.000Z",
    parameters: { work_mem: "8MB", search_path: "app, public" },
  };
  it.each<[string, UserEntry | undefined, UserEntry, string[]]>([
    [
      "as declared: nothing",
      undefined,
      {
        login: true,
        connlimit: 5,
        validUntil: "2027-01-31",
        comment: "old",
        parameters: { Work_Mem: "8MB", search_path: ["app", "public"] },
        passwordVerifier: "SCRAM-SHA-256$x",
      },
      [],
    ],
    ["undeclared fields are left alone", undefined, {}, []],
    [
      "several attributes in one statement",
      {},
      { login: false, superuser: true, connlimit: 7 },
      [`ALTER ROLE "a" NOLOGIN SUPERUSER CONNECTION LIMIT 7`],
    ],
    [
      "a field no longer declared goes back to its default",
      { connlimit: 5, validUntil: "2027-01-31", comment: "old" },
      {},
      [`ALTER ROLE "a" CONNECTION LIMIT -1 VALID UNTIL 'infinity'`, `COMMENT ON ROLE "a" IS NULL`],
    ],
    ["validUntil null is for ever", {}, { validUntil: null }, [`ALTER ROLE "a" VALID UNTIL 'infinity'`]],
    ["one moment in another zone is the same", {}, { validUntil: "2027-01-31T02:00:00+02:00" }, []],
    [
      "a parameter no longer declared is reset, a stranger's stays",
      { parameters: { work_mem: "8MB" } },
      { parameters: {} },
      [`ALTER ROLE "a" RESET "work_mem"`],
    ],
    ["a changed parameter", {}, { parameters: { work_mem: "9MB" } }, [`ALTER ROLE "a" SET "work_mem" TO '9MB'`]],
    ["the password is taken away", {}, { passwordVerifier: null }, [`ALTER ROLE "a" PASSWORD NULL`]],
  ])("%s", (_what, previous, next, expected) => {
    const input = {
      previous: { users: { a: previous ?? {} } },
      next: { users: { a: next } },
      cluster: cluster({ roles: [role("a", found)] }),
    };
    expect(sqlOf(input)).toEqual(expected);
  });

  it.each([
    ["new", "SCRAM-SHA-256$old", "the password is a new one"],
    ["drifted", "SCRAM-SHA-256$new", "the password was changed on the server"],
  ])("says why a password is set: %s", (_what, before, reason) => {
    const { statements } = planAccess({
      previous: { users: { a: { passwordVerifier: before } } },
      next: { users: { a: { passwordVerifier: "SCRAM-SHA-256$new" } } },
      cluster: cluster({ roles: [role("a", { verifier: "SCRAM-SHA-256$x" })] }),
    });
    expect(statements.map((s) => [s.sql, s.reason])).toEqual([[`ALTER ROLE "a" PASSWORD 'SCRAM-SHA-256$new'`, reason]]);
  });

  it("is compared with the previous declaration if the verifier cannot be read", () => {
    const plan = (before: string) =>
      sqlOf({
        previous: { users: { a: { passwordVerifier: before } } },
        next: { users: { a: { passwordVerifier: "v1" } } },
        cluster: cluster({ server: hosted, roles: [role("a", { verifier: undefined })] }),
      });
    expect(plan("v1")).toEqual([]);
    expect(plan("v0")).toEqual([`ALTER ROLE "a" PASSWORD 'v1'`]);
  });
});

describe("a refusal", () => {
  it("covers an existing role, unless it is adopted or was created by an earlier attempt", () => {
    const parts = { roles: [role("a")] };
    expect(problemsOf({ users: { a: {} } }, parts)).toEqual([
      `users.a: a role of that name exists already and was not made by this declaration, got "a"; choose another name, or set adopt: true to manage the one that exists`,
    ]);
    expect(sqlOf({ next: { users: { a: { adopt: true } } }, cluster: cluster(parts) })).toEqual([]);
    expect(sqlOf({ next: { users: { a: {} } }, cluster: cluster(parts), options: { adopt: true } })).toEqual([]);
    expect(
      sqlOf({ next: { users: { a: {} } }, cluster: cluster(parts), options: { made: new Set(["role:a"]) } }),
    ).toEqual([]);
  });

  it("covers an admin without CREATEROLE and an invalid date", () => {
    expect(problemsOf({ users: { a: { validUntil: "soon" } } }, { server: { ...hosted, createrole: false } })).toEqual([
      `users.a.validUntil: must be a date in ISO 8601, got "soon"; write it as "2027-01-31" or "2027-01-31T12:00:00Z"`,
      `users.a: the admin user may not create roles (CREATEROLE), got admin; run ALTER ROLE "admin" CREATEROLE as a superuser, or use another admin user`,
    ]);
  });
});

describe("memberships", () => {
  const v15 = { ...superuser, version: 150000 };
  const row = (admin = false, inherit = true, set = true, grantor = "admin") => ({
    role: "g",
    member: "a",
    grantor,
    admin,
    inherit,
    set,
    reachable: grantor !== "stranger",
  });
  const plan = (
    next: object | null,
    rows: ReturnType<typeof row>[] = [],
    server = superuser,
    previous: object | null = null,
  ) =>
    sqlOf({
      previous: { users: { a: previous ? { memberships: [{ role: "g", ...previous }] } : {} } },
      next: { users: { a: next ? { memberships: [{ role: "g", ...next }] } : {} } },
      cluster: cluster({ server, roles: [role("a"), role("g")], memberships: rows }),
    });

  it.each<[string, string[], string[]]>([
    ["granted", plan({}), [`GRANT "g" TO "a"`]],
    [
      "with options",
      plan({ admin: true, set: false, inherit: false }),
      [`GRANT "g" TO "a" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`],
    ],
    ["there already", plan({}, [row()]), []],
    [
      "options set right",
      plan({ inherit: false }, [row(true)]),
      [
        `REVOKE ADMIN OPTION FOR "g" FROM "a" GRANTED BY "admin" CASCADE`,
        `GRANT "g" TO "a" WITH INHERIT FALSE GRANTED BY "admin"`,
      ],
    ],
    [
      "options of several grantors add up: what is missing once, what is too much from each",
      plan({ admin: true, set: false }, [row(), row(false, true, true, "dba")]),
      [
        `GRANT "g" TO "a" WITH SET FALSE GRANTED BY "admin"`,
        `GRANT "g" TO "a" WITH SET FALSE GRANTED BY "dba"`,
        `GRANT "g" TO "a" WITH ADMIN TRUE GRANTED BY "admin"`,
      ],
    ],
    ["what a stranger granted is no difference", plan({}, [row(false), row(true, true, true, "stranger")]), []],
    ["a stranger's is enough", plan({}, [row(false, true, true, "stranger")]), []],
    [
      "a stranger's that is not enough",
      plan({ admin: true }, [row(false, true, true, "stranger")]),
      [`GRANT "g" TO "a" WITH ADMIN TRUE`],
    ],
    [
      "no longer declared, every grantor's row",
      plan(null, [row(), row(true, true, true, "dba"), row(true, true, true, "stranger")], superuser, {}),
      [`REVOKE "g" FROM "a" GRANTED BY "admin"`, `REVOKE "g" FROM "a" GRANTED BY "dba" CASCADE`],
    ],
    [
      "no longer declared, by a hosted admin",
      plan(null, [row()], hosted, {}),
      [`REVOKE "g" FROM "a" GRANTED BY "admin"`],
    ],
    ["somebody else's is left", plan(null, [row()]), []],
    ["15: granted", plan({ admin: true }, [], v15), [`GRANT "g" TO "a" WITH ADMIN OPTION`]],
    ["15: admin option taken", plan({}, [row(true)], v15), [`REVOKE ADMIN OPTION FOR "g" FROM "a"`]],
    ["15: inherit as the role's own is no problem", plan({ inherit: true }, [row()], v15), []],
  ])("%s", (_what, actual, expected) => expect(actual).toEqual(expected));

  it("from PostgreSQL 16 each membership has the user's inherit", () => {
    const of = (inherit: boolean, rows: ReturnType<typeof row>[], memberships: object[]) =>
      sqlOf({
        previous: { users: { a: { inherit: true } } },
        next: { users: { a: { inherit, memberships: memberships as { role: string }[] } } },
        cluster: cluster({ roles: [role("a"), role("g")], memberships: rows }),
      });
    expect(of(false, [row()], [{ role: "g" }])).toEqual([
      `ALTER ROLE "a" NOINHERIT`,
      `GRANT "g" TO "a" WITH INHERIT FALSE GRANTED BY "admin"`,
    ]);
    expect(of(false, [row()], [{ role: "g", inherit: true }])).toEqual([`ALTER ROLE "a" NOINHERIT`]);
    expect(of(true, [row(false, false)], [{ role: "g" }])).toEqual([
      `GRANT "g" TO "a" WITH INHERIT TRUE GRANTED BY "admin"`,
    ]);
  });

  it("grants made by a member end with its ADMIN option, and declared ones are granted again", () => {
    const passedOn = { ...row(false, true, true, "a"), member: "b" };
    const statements = sqlOf({
      previous: { users: { a: { memberships: [{ role: "g", admin: true }] }, b: { memberships: [{ role: "g" }] } } },
      next: { users: { a: { memberships: [{ role: "g" }] }, b: { memberships: [{ role: "g" }] } } },
      cluster: cluster({ roles: [role("a"), role("b"), role("g")], memberships: [row(true), passedOn] }),
    });
    expect(statements).toEqual([`REVOKE ADMIN OPTION FOR "g" FROM "a" GRANTED BY "admin" CASCADE`, `GRANT "g" TO "b"`]);
  });

  it("options that PostgreSQL 15 lacks and missing groups are reported", () => {
    const memberships = [{ role: "g", set: false }, { role: "h", inherit: false }, { role: "gone" }, { role: "g" }];
    expect(problemsOf({ users: { a: { memberships } } }, { server: v15, roles: [role("g"), role("h")] })).toEqual([
      `users.a.memberships.gone: the role does not exist, got "gone"; declare that role too, or create it before`,
      `users.a.memberships.g: is listed twice, got "g"; remove one`,
      "users.a.memberships.g: set: false for one membership needs PostgreSQL 16 or later, got server version 15; leave it out",
      "users.a.memberships.h: inherit: false for one membership needs PostgreSQL 16 or later, got server version 15; leave it out, or set inherit: false on the user itself",
    ]);
  });
});
