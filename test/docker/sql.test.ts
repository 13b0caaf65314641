import type { Client } from "pg";
import {
  type AccessDocument,
  applyAccess,
  applyDatabase,
  applyRole,
  dropDatabase,
  dropRole,
  readAccess,
  readDatabase,
  readRole,
  roleTemplates,
  type SqlTarget,
  templatePrivileges,
  verifyPassword,
} from "../../packages/sql/src";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";
import { adminTarget } from "../support/sql-admins";

jest.setTimeout(600_000);

/** Runs a query as a user, in a separate session. */
async function asUser<T>(
  server: PostgresContainer,
  user: string,
  database: string,
  fn: (c: Client) => Promise<T>,
): Promise<T> {
  const client = await server.connect({ user, password: `${user} pw`, database });
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

describe.each(["17", "15"])("PostgreSQL %s", (major) => {
  let server: PostgresContainer;
  let root: Client;

  beforeAll(async () => {
    server = await startPostgres({ major, settings: ["log_statement = 'all'", "log_min_duration_statement = 0"] });
    root = await server.connect();
    const login = { login: true, createrole: true, createdb: true };
    // The database for this admin's ownership record. The superuser has another one, because two admins trust no common
    // record.
    await root.query("create database hosted");
    await applyRole(server.target, { next: { name: "hosted", password: "hosted pw", ...login } });
    await root.query("alter database hosted owner to hosted");
  });
  afterAll(async () => {
    await root?.end();
    await server?.remove();
  });

  const as = (admin: string): SqlTarget => adminTarget(server, admin);
  const count = async (sql: string, ...values: unknown[]): Promise<number> =>
    Number((await root.query<{ n: string }>(`select count(*) as n from ${sql}`, values)).rows[0].n);

  describe.each(["superuser", "hosted"])("as a %s admin", (admin) => {
    const db = `shop_${admin}`;
    const owner = `owner_${admin}`;
    const reader = `reader_${admin}`;
    const groups = Object.fromEntries(
      Object.entries(roleTemplates()).map(([name, entry]) => [name, { ...entry, adopt: true }]),
    );
    const first: AccessDocument = {
      users: {
        ...groups,
        [owner]: { password: `${owner} pw`, comment: "owns the shop", memberships: [{ role: "dbrole_admin" }] },
        [reader]: { password: `${reader} pw`, connlimit: 5, memberships: [{ role: "dbrole_readonly" }] },
      },
      databases: {
        [db]: {
          owner,
          schemas: [{ name: "app" }],
          extensions: [{ name: "pg_trgm", schema: "public" }, { name: "citext" }],
          parameters: { search_path: "app, public" },
          baselineSql:
            "create table app.orders (id int primary key, note text); insert into app.orders values (1, 'first')",
          comment: "the shop",
        },
      },
      ...templatePrivileges(db, [owner], ["public", "app"]),
    };

    it("makes everything, and a second time does nothing", async () => {
      expect((await applyAccess(as(admin), undefined, first)).executed).toContain(
        `-- baseline SQL of database ${db} (${first.databases![db].baselineSql!.length} characters)`,
      );
      expect((await applyAccess(as(admin), first, first)).executed).toEqual([]);
    });

    it("the users can do what they may, also on what is made later, and nothing else", async () => {
      await asUser(server, owner, db, (c) => c.query("create table later (id int)"));
      await asUser(server, reader, db, async (c) => {
        expect((await c.query("select note from orders")).rows).toEqual([{ note: "first" }]);
        expect((await c.query("select * from later")).rows).toEqual([]);
        await expect(c.query("insert into later values (1)")).rejects.toThrow("permission denied for table later");
        await expect(c.query("create table nope ()")).rejects.toThrow("permission denied for schema app");
      });
      await applyRole(server.target, { next: { name: `stranger_${admin}`, password: `stranger_${admin} pw` } });
      await expect(asUser(server, `stranger_${admin}`, db, () => Promise.resolve())).rejects.toThrow(
        "permission denied for database",
      );
    });

    it("leaves the admin no membership that it did not have", async () => {
      const borrowed = `pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = 'hosted'`;
      const usable = major === "17" ? " and (m.inherit_option or m.set_option)" : "";
      expect(await count(borrowed + usable)).toBe(0);
    });

    it("reads back what it declared", async () => {
      const { document, passwords } = await readAccess(as(admin), first);
      expect(document).toEqual(first);
      expect(passwords[owner]).toBe(admin === "superuser" ? "matches" : "unreadable");
    });

    it("revokes what is no longer declared and leaves what others granted", async () => {
      const extra = { role: reader, on: "table", database: db, schema: "app", name: "orders" } as const;
      const more = { ...first, grants: { ...first.grants, extra: { ...extra, privileges: ["INSERT", "UPDATE"] } } };
      await applyAccess(as(admin), first, more);
      await asUser(server, owner, db, (c) => c.query(`grant delete on orders to ${reader}`));
      const less = { ...first, grants: { ...first.grants, extra: { ...extra, privileges: ["INSERT"] } } };
      const { executed } = await applyAccess(as(admin), more, less);
      expect(executed.filter((s) => !/^(GRANT|REVOKE) "|^SET LOCAL ROLE/.test(s))).toEqual([
        `REVOKE UPDATE ON TABLE "app"."orders" FROM "${reader}"`,
      ]);
      await asUser(server, reader, db, async (c) => {
        await c.query("insert into orders values (2)");
        await c.query("delete from orders where false");
        await expect(c.query("update orders set note = ''")).rejects.toThrow("permission denied");
      });
      await applyAccess(as(admin), less, first);
    });

    it("drops users that own and may do things in several databases, and keeps their data", async () => {
      const second = { name: `other_${admin}`, owner: reader };
      await applyDatabase(as(admin), { next: second });
      await asUser(server, reader, second.name, (c) => c.query("create table mine as select 42 as answer"));
      const next = structuredClone(first);
      delete next.users![reader];
      await applyAccess(as(admin), first, next);
      expect(await count("pg_roles where rolname = $1", reader)).toBe(0);
      const client = await server.connect({
        ...(server.target as { user: string; password: string }),
        database: second.name,
      });
      expect((await client.query("select answer from mine")).rows).toEqual([{ answer: 42 }]);
      await client.end();
      await dropDatabase(as(admin), second.name, { onDelete: "retain" });
      expect(await count("pg_database where datname = $1", second.name)).toBe(1);
      await dropDatabase(as(admin), second.name, { onDelete: "drop" });
      expect(await count("pg_database where datname = $1", second.name)).toBe(0);
    });

    it("removes everything, databases only when asked", async () => {
      const last = structuredClone(first);
      delete last.users![reader];
      for (const name of Object.keys(groups)) delete last.users![name];
      last.databases![db].onDelete = "drop";
      await applyAccess(as(admin), last, {});
      expect(await count("pg_roles where rolname = $1", owner)).toBe(0);
      expect(await count("pg_database where datname = $1", db)).toBe(0);
      expect((await applyAccess(as(admin), last, {})).executed).toEqual([]);
      for (const name of Object.keys(groups).reverse()) await dropRole(as(admin), name);
      await dropRole(as(admin), `stranger_${admin}`).catch(() => dropRole(server.target, `stranger_${admin}`));
    });
  });

  it("adopts only when asked", async () => {
    await root.query("create role legacy login connection limit 3");
    await root.query("create database legacy owner legacy");
    const role = { name: "legacy", connlimit: 7 };
    await expect(applyRole(server.target, { next: role })).rejects.toThrow(
      /users.legacy: a role of that name exists already .* set adopt: true/,
    );
    await expect(applyDatabase(server.target, { next: { name: "legacy" } })).rejects.toThrow(/set adopt: true/);
    expect((await applyRole(server.target, { next: role, adopt: true })).executed).toEqual([
      `ALTER ROLE "legacy" CONNECTION LIMIT 7`,
    ]);
    expect(
      (await applyDatabase(server.target, { next: { name: "legacy", encoding: "UTF8" }, adopt: true })).executed,
    ).toEqual([`REVOKE CONNECT ON DATABASE "legacy" FROM PUBLIC`]);
    await expect(
      applyDatabase(server.target, { next: { name: "legacy", encoding: "LATIN1" }, adopt: true }),
    ).rejects.toThrow(
      'databases.legacy.encoding: cannot be changed in place: the database on the server has "UTF8", got "LATIN1"',
    );
    await dropDatabase(server.target, "legacy", { onDelete: "drop" });
    await dropRole(server.target, "legacy");
  });

  it("finds and repairs drift", async () => {
    const role = {
      name: "drifter",
      password: "right",
      connlimit: 4,
      memberships: [{ role: "pg_monitor" }],
      parameters: { work_mem: "8MB" },
    };
    await applyRole(server.target, { next: role });
    expect(await readRole(server.target, role)).toEqual({ role, password: "matches" });
    await root.query(
      `alter role drifter password 'wrong' connection limit 9; alter role drifter set work_mem to '1MB'; revoke pg_monitor from drifter`,
    );
    const { password: _gone, ...actual } = { ...role, connlimit: 9, memberships: [], parameters: { work_mem: "1MB" } };
    expect(_gone).toBe("right");
    expect(await readRole(server.target, role)).toEqual({ role: actual, password: "differs" });
    expect((await applyRole(server.target, { previous: role, next: role })).executed).toEqual([
      `ALTER ROLE "drifter" CONNECTION LIMIT 4`,
      `ALTER ROLE "drifter" SET "work_mem" TO '8MB'`,
      `ALTER ROLE "drifter" PASSWORD '***'`,
      `GRANT "pg_monitor" TO "drifter"`,
    ]);
    expect((await applyRole(server.target, { previous: role, next: role })).executed).toEqual([]);
    await (await server.connect({ user: "drifter", password: "right" })).end();
    await dropRole(server.target, "drifter");
    expect(await readRole(server.target, role)).toBeNull();
    expect(await readDatabase(server.target, { name: "nowhere" })).toBeNull();
  });

  it("a changed password works at once for a hosted admin, who cannot read the old one", async () => {
    const before = { name: "rotated", password: "old pw" };
    await applyRole(as("hosted"), { next: before });
    const after = { name: "rotated", password: "new pw" };
    expect((await applyRole(as("hosted"), { previous: before, next: after })).executed).toEqual([
      `ALTER ROLE "rotated" PASSWORD '***'`,
    ]);
    expect((await applyRole(as("hosted"), { previous: after, next: after })).executed).toEqual([]);
    await (await server.connect({ user: "rotated", password: "new pw" })).end();
    await dropRole(as("hosted"), "rotated");
  });

  it("puts neither passwords nor verifiers into the server's log or a session's view", async () => {
    await applyRole(server.target, { next: { name: "quiet", password: "do-not-log-me" } });
    const { rows } = await root.query<{ v: string }>("select rolpassword as v from pg_authid where rolname = 'quiet'");
    expect(await verifyPassword("do-not-log-me", rows[0].v)).toBe(true);
    const logs = await server.logs();
    expect(logs).toContain('CREATE ROLE "quiet" LOGIN');
    expect(logs).not.toContain("do-not-log-me");
    expect(logs).not.toContain(rows[0].v);
    await dropRole(server.target, "quiet");
  });
});
