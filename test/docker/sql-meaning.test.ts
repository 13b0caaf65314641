import type { Client } from "pg";
import {
  type AccessDocument,
  applyAccess,
  applyDatabase,
  applyRole,
  type DefaultPrivilege,
  type Grant,
  readAccess,
  readDatabase,
} from "../../packages/sql/src";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";

jest.setTimeout(600_000);

describe.each(["17", "15"])("what a declaration means on PostgreSQL %s", (major) => {
  let server: PostgresContainer;
  let root: Client;
  let inside: Client;
  const base: AccessDocument = {
    users: { owner: {}, ada: {}, bob: {}, team: { login: false } },
    databases: {
      shop: {
        owner: "owner",
        baselineSql: `create table public.t (a int, b int);
          create function public."MyFunc"(integer) returns integer language sql as 'select 1';
          create function public.myfunc(integer) returns integer language sql as 'select 2'`,
      },
    },
  };

  beforeAll(async () => {
    server = await startPostgres({ major });
    root = await server.connect();
    await applyAccess(server.target, undefined, base);
    inside = await server.connect({ user: "postgres", password: server.target.password, database: "shop" });
  });
  afterAll(async () => {
    await inside?.end();
    await root?.end();
    await server?.remove();
  });

  const one = async <T>(client: Client, sql: string): Promise<T> =>
    (await client.query<{ v: T }>(`select ${sql} as v`)).rows[0].v;
  async function settles(before: AccessDocument, doc: AccessDocument): Promise<string[]> {
    const { executed } = await applyAccess(server.target, before, doc);
    expect((await readAccess(server.target, doc)).document).toEqual(doc);
    expect((await applyAccess(server.target, doc, doc)).executed).toEqual([]);
    return executed;
  }
  const withGrants = (...grants: Grant[]): AccessDocument => ({
    ...base,
    grants: Object.fromEntries(grants.map((g, i) => [`g${i}`, g])),
  });
  const withDefaults = (...list: Omit<DefaultPrivilege, "database" | "owner">[]): AccessDocument => ({
    ...base,
    defaultPrivileges: Object.fromEntries(list.map((p, i) => [`d${i}`, { database: "shop", owner: "owner", ...p }])),
  });
  const onTable = (role: string, privileges: string[], more: Partial<Grant> = {}): Grant => ({
    role,
    on: "table",
    database: "shop",
    name: "t",
    privileges,
    ...more,
  });

  it("built-in default privileges apply, with and without a row in the catalog", async () => {
    const doc = withDefaults(
      { on: "functions", role: "public", privileges: ["EXECUTE"] },
      { on: "types", role: "public", privileges: ["USAGE"] },
      { on: "tables", role: "owner", privileges: ["ALL"], withGrantOption: true },
      { on: "functions", role: "public", privileges: ["EXECUTE"], schema: "public" },
      { on: "functions", role: "ada", privileges: ["EXECUTE"] },
      { on: "functions", role: "ada", privileges: ["EXECUTE"], withGrantOption: true },
    );
    expect(await settles(base, doc)).toEqual([
      `ALTER DEFAULT PRIVILEGES FOR ROLE "owner" IN SCHEMA "public" GRANT EXECUTE ON FUNCTIONS TO PUBLIC`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE "owner" GRANT EXECUTE ON FUNCTIONS TO "ada" WITH GRANT OPTION`,
    ]);
    await inside.query(
      `alter default privileges for role owner revoke execute on functions from public;
      alter default privileges for role owner revoke all on tables from owner`,
    );
    expect((await settles(doc, doc)).length).toBe(2);
    // PUBLIC's rights go with the declaration; an owner's own rights never do.
    await applyAccess(server.target, doc, base);
    await inside.query("set role owner; create table late (); create function late() returns int return 1");
    expect(await one(inside, "has_table_privilege('owner', 'late', 'select')")).toBe(true);
    expect(await one(inside, "has_function_privilege('ada', 'late()', 'execute')")).toBe(false);
    await inside.query("drop table late; drop function late(); reset role");
  });

  it("ambiguous declarations and those without effect are refused", async () => {
    const doc: AccessDocument = {
      ...withGrants(
        { role: "public", on: "database", database: "shop", privileges: ["CONNECT"] },
        { role: "public", on: "database", database: "shop", privileges: ["all"] },
        onTable("ada", ["SELECT"], { columns: [] }),
        onTable("public", ["SELECT"], { withGrantOption: true }),
      ),
      ...{ defaultPrivileges: withDefaults({ on: "tables", role: "ada", privileges: [] }).defaultPrivileges },
    };
    const refused = (await applyAccess(server.target, base, doc).catch((e: Error) => e)) as Error;
    const connect = "CONNECT is taken from PUBLIC by revokeConnect of database shop: true is the default";
    const fix = "set revokeConnect: false there, or leave CONNECT out";
    expect(refused.message.split("\n")).toEqual([
      `grants.g0.privileges: ${connect}, got "CONNECT"; ${fix}`,
      `grants.g1.privileges: ${connect}, got "all"; ${fix}`,
      "grants.g2.columns: must not be empty, got []; name a column, or leave it out",
      "grants.g3.withGrantOption: PUBLIC cannot have a grant option, got true; leave it out",
      "defaultPrivileges.d0.privileges: must not be empty, got []; name a privilege, or ALL",
    ]);
  });

  it("only revokeConnect determines whether PUBLIC may connect", async () => {
    const open = { ...base, databases: { shop: { ...base.databases!.shop, revokeConnect: false } } };
    const connect: Grant = { role: "public", on: "database", database: "shop", privileges: ["CONNECT"] };
    const both = { ...open, grants: { connect } };
    await settles(base, both);
    expect(await settles(both, open)).toEqual([]);
    expect(await one(root, "has_database_privilege('public', 'shop', 'connect')")).toBe(true);
    expect(await settles(both, base)).toEqual([`REVOKE CONNECT ON DATABASE "shop" FROM PUBLIC`]);
  });

  it("a grant of another declaration cannot contradict revokeConnect", async () => {
    const [a, b] = [{ declaration: "a" }, { declaration: "b" }];
    const closed = { databases: { apart: {} } };
    const open = { databases: { apart: { revokeConnect: false } } };
    const connect: Grant = { role: "public", on: "database", database: "apart", privileges: ["CONNECT"] };
    await applyAccess(server.target, undefined, closed, a);
    await expect(applyAccess(server.target, undefined, { grants: { connect } }, b)).rejects.toThrow(
      'revokeConnect of database apart, which a manages: true is the default, got "CONNECT"; set revokeConnect: false there, or leave CONNECT out',
    );
    await applyAccess(server.target, closed, open, a);
    expect((await applyAccess(server.target, undefined, { grants: { connect } }, b)).executed).toEqual([]);
    expect((await applyAccess(server.target, { grants: { connect } }, {}, b)).executed).toEqual([]);
    expect((await applyAccess(server.target, open, open, a)).executed).toEqual([]);
  });

  it("memberships that others granted are corrected, too", async () => {
    const doc: AccessDocument = {
      ...base,
      users: {
        ...base.users,
        ada: { memberships: [{ role: "team", admin: true }] },
        bob: { memberships: [{ role: "team" }] },
      },
    };
    await settles(base, doc);
    await root.query("set role ada; grant team to bob with admin option; reset role");
    await settles(doc, doc);
    expect(await one(root, "pg_has_role('bob', 'team', 'member with admin option')")).toBe(false);
    await root.query(`set role ada; grant team to bob; reset role`);
    const last = { ...doc, users: { ...base.users, bob: doc.users!.bob } };
    await settles(doc, last);
    expect(await one(root, "pg_has_role('ada', 'team', 'member')")).toBe(false);
    expect(await one(root, "pg_has_role('bob', 'team', 'usage')")).toBe(true);
    await settles(last, base);
    expect(await one(root, "pg_has_role('bob', 'team', 'member')")).toBe(false);
  });

  it("a user's inherit applies to its memberships", async () => {
    const of = (inherit: boolean): AccessDocument => ({
      ...base,
      users: { ...base.users, ada: { inherit, memberships: [{ role: "team" }] } },
    });
    await settles(base, of(true));
    expect(await one(root, "pg_has_role('ada', 'team', 'usage')")).toBe(true);
    await settles(of(true), of(false));
    expect(await one(root, "pg_has_role('ada', 'team', 'usage')")).toBe(false);
    await settles(of(false), base);
  });

  it("another spelling of a locale or an encoding is not a change", async () => {
    const first = {
      name: "spelt",
      encoding: "Unicode",
      localeProvider: "icu",
      icuLocale: "en_US.UTF-8",
      lcCollate: "POSIX",
      lcCtype: "en_US.UTF-8",
    };
    const respelt = { ...first, encoding: "utf-8", icuLocale: "en-US", lcCollate: "C", lcCtype: "en_US.utf8" };
    await applyDatabase(server.target, { next: first });
    for (const next of [first, respelt, { ...first, connlimit: 3 }, respelt]) {
      await applyDatabase(server.target, { previous: first, next });
      expect(await readDatabase(server.target, next)).toEqual(next);
      expect((await applyDatabase(server.target, { previous: next, next })).executed).toEqual([]);
    }
    const other = applyDatabase(server.target, { previous: first, next: { ...first, icuLocale: "de-DE" } });
    const has = await one<string>(
      root,
      `(select ${major === "17" ? "datlocale" : "daticulocale"} from pg_database where datname = 'spelt')`,
    );
    await expect(other).rejects.toThrow(
      `databases.spelt.icuLocale: cannot be changed in place: the database on the server has "${has}", got "de-DE"; declare "${has}", or make a database of another name and move the data there`,
    );
    // A program that follows this advice keeps the database.
    await applyDatabase(server.target, { previous: first, next: { ...first, icuLocale: has } });
    await expect(
      applyDatabase(server.target, { previous: first, next: { ...first, encoding: "LATIN1" } }),
    ).rejects.toThrow('databases.spelt.encoding: cannot be changed in place: the database on the server has "UTF8"');
  });

  it("a function's name is taken literally, and its argument types are SQL", async () => {
    const execute = (name: string): Grant => ({
      role: "ada",
      on: "function",
      database: "shop",
      name,
      privileges: ["EXECUTE"],
    });
    await inside.query(`revoke execute on all functions in schema public from public`);
    const doc = withGrants(execute("MyFunc(int)"));
    expect(await settles(base, doc)).toEqual([`GRANT EXECUTE ON ROUTINE public."MyFunc"(integer) TO "ada"`]);
    expect(await settles(doc, withGrants(execute("MyFunc( integer )")))).toEqual([]);
    expect(await settles(doc, withGrants(execute("myfunc(int4)")))).toEqual([
      `REVOKE EXECUTE ON ROUTINE public."MyFunc"(integer) FROM "ada"`,
      `GRANT EXECUTE ON ROUTINE public.myfunc(integer) TO "ada"`,
    ]);
    await expect(
      applyAccess(server.target, base, withGrants(execute("MYFUNC(int)"), execute("MyFunc(nothing)"))),
    ).rejects.toThrow(
      /grants.g0: there is no such function .* got public.MYFUNC\(int\).*\n.*grants.g1: there is no such function/,
    );
    await settles(withGrants(execute("myfunc(int4)")), base);
  });

  it("an owner's own rights stay, and grants it passed on end with its grant option", async () => {
    const own = withGrants(
      onTable("owner", ["SELECT", "INSERT"], { withGrantOption: true }),
      onTable("owner", ["ALL"]),
    );
    expect(await settles(base, own)).toEqual([]);
    expect(await settles(own, base)).toEqual([]);
    const passing = withGrants(onTable("ada", ["SELECT"], { withGrantOption: true }), onTable("bob", ["SELECT"]));
    await settles(base, passing);
    await inside.query("revoke select on t from bob; set role ada; grant select on t to bob, team; reset role");
    // The owner grants the same right, because grants by ada end with her grant option.
    expect(await settles(passing, passing)).toEqual(['GRANT SELECT ON TABLE "public"."t" TO "bob"']);
    await settles(passing, withGrants(onTable("bob", ["SELECT"])));
    expect(await one(inside, "has_table_privilege('team', 't', 'select')")).toBe(false);
    await settles(withGrants(onTable("bob", ["SELECT"])), base);
  });

  it("a right on columns outlives the same right on the table", async () => {
    const columns = onTable("ada", ["SELECT"], { columns: ["a"] });
    const both = withGrants(columns, onTable("ada", ["SELECT"]));
    await settles(base, both);
    await settles(both, withGrants(columns));
    expect(await one(inside, "has_column_privilege('ada', 't', 'a', 'select')")).toBe(true);
    await settles(withGrants(columns), base);
  });

  it.each([false, true])(
    "a right on columns that the owner granted by hand outlives a declared one on the table, grant option %s",
    async (withGrantOption) => {
      const both = withGrants(onTable("ada", ["SELECT", "INSERT"], { withGrantOption }));
      await inside.query("grant select (a), insert (a) on t to ada");
      await settles(base, both);
      await settles(both, base);
      expect(await one(inside, "has_table_privilege('ada', 't', 'select')")).toBe(false);
      expect(await one(inside, "has_column_privilege('ada', 't', 'a', 'select')")).toBe(true);
      expect(await one(inside, "has_column_privilege('ada', 't', 'a', 'insert')")).toBe(true);
      await inside.query("revoke select (a), insert (a) on t from ada");
    },
  );

  it("a database's rights move with it to a new owner", async () => {
    const create = (role: string): Grant => ({ role, on: "database", database: "shop", privileges: ["CREATE"] });
    const doc = withGrants(create("owner"), create("ada"));
    const next = { ...doc, databases: { shop: { ...base.databases!.shop, owner: "ada" } } };
    await settles(base, doc);
    await settles(doc, next);
    await settles(next, base);
  });

  it("an owner with NOINHERIT also grants on schema public; a GRANT without effect is an error", async () => {
    await applyRole(server.target, {
      next: { name: "hosted", password: "hosted pw", createrole: true, createdb: true },
    });
    const hosted = { ...server.target, user: "hosted", password: "hosted pw" };
    const doc = (create: Grant): AccessDocument => ({
      users: { lone: { inherit: false } },
      databases: { lone: { owner: "lone" } },
      grants: { create },
    });
    const schema = doc({ role: "lone", on: "schema", database: "lone", schema: "public", privileges: ["CREATE"] });
    await applyAccess(hosted, undefined, schema);
    expect((await applyAccess(hosted, schema, schema)).executed).toEqual([]);
    await root.query("grant set on parameter log_statement to hosted");
    const parameter = doc({ role: "lone", on: "parameter", name: "log_statement", privileges: ["SET"] });
    await expect(applyAccess(hosted, schema, parameter)).rejects.toThrow(
      /GRANT SET ON PARAMETER "log_statement" TO "lone".*no privileges were granted/,
    );
  });
});
