import {
  type AccessDocument,
  applyAccess,
  applyDatabase,
  applyRole,
  dropRole,
  ident,
  type SqlTarget,
} from "../../packages/sql/src";
import { eventually } from "../support/eventually";
import { adminTarget, askAs, serverWithAdmins } from "../support/sql-admins";

jest.setTimeout(600_000);

/** A user is removed, whatever others granted to it and whatever it created. */
describe.each(["17", "15"])("PostgreSQL %s", (major) => {
  const postgres = serverWithAdmins({
    major,
    settings: ["wal_level = logical", "max_locks_per_transaction = 10"],
  });

  const roles = async (like: string): Promise<string[]> =>
    (
      await postgres.root.query<{ name: string }>(
        "select rolname as name from pg_roles where rolname like $1 order by 1",
        [like],
      )
    ).rows.map(({ name }) => name);

  describe.each(["superuser", "hosted"])("as a %s admin", (admin) => {
    let target: SqlTarget;
    const lines: string[] = [];
    beforeAll(() => {
      target = { ...adminTarget(postgres.server, admin), onProgress: (line) => lines.push(line) };
    });
    beforeEach(() => void lines.splice(0));

    const declaration = `urn:${admin}`;
    const name = (what: string): string => `${what}_${admin}`;
    const [host, bob, carol, dave, house] = ["host", "bob", "carol", "dave", "house"].map(name);
    const password = (user: string) => ({ password: `${user} pw` });
    const inside = <T extends object>(user: string, ...queries: string[]): Promise<T[]> =>
      askAs<T>(postgres.server, { user: user === "root" ? undefined : user, database: house }, ...queries);
    const may = (role: string) => ({ role, database: house });
    const document: AccessDocument = {
      users: Object.fromEntries([host, bob, carol, dave].map((user) => [user, password(user)])),
      databases: { [house]: { owner: host, onDelete: "drop" } },
      grants: Object.fromEntries(
        [bob, carol, dave].flatMap((role) => [
          [`connect ${role}`, { ...may(role), on: "database", privileges: ["CONNECT"] }],
          [`usage ${role}`, { ...may(role), on: "schema", schema: "public", privileges: ["USAGE"] }],
        ]),
      ),
    };
    const without = (...removed: string[]): AccessDocument => ({
      ...document,
      users: Object.fromEntries(Object.entries(document.users!).filter(([user]) => !removed.includes(user))),
      grants: Object.fromEntries(Object.entries(document.grants!).filter(([, { role }]) => !removed.includes(role))),
    });
    const apply = (before: AccessDocument | undefined, next: AccessDocument) =>
      applyAccess(target, before, next, { declaration });
    const settled = async (doc: AccessDocument) => expect((await apply(doc, doc)).executed).toEqual([]);

    beforeEach(() => apply(undefined, document));
    afterEach(async () => {
      await apply(document, {});
      expect(await roles(`%_${admin}`)).toEqual([]);
      expect(await roles("pgharbor_heir%")).toEqual([]);
    });

    it("rights that others granted to it are revoked, and other roles' rights stay", async () => {
      await inside(
        host,
        `create table "T a" (a int, b int); create sequence s; create function f(x "T a") returns int language sql return 1;
        create procedure p() language sql as ''; create schema app; create type mood as enum ('fine'); create domain d as int;
        select lo_create(4711); revoke all on function f from public; revoke all on procedure p from public; revoke all on type mood, d from public`,
      );
      const objects = [
        'ALL ON TABLE "T a"',
        'UPDATE (b) ON TABLE "T a"',
        "ALL ON SEQUENCE s",
        "ALL ON FUNCTION f",
        "ALL ON PROCEDURE p",
        "ALL ON SCHEMA app",
        "ALL ON TYPE mood",
        "ALL ON DOMAIN d",
        "ALL ON LARGE OBJECT 4711",
        `CONNECT ON DATABASE ${ident(house)}`,
      ];
      const pass = (to: string) => objects.map((what) => `grant ${what} to ${ident(to)} with grant option`);
      await inside(host, ...pass(bob));
      await inside(bob, ...pass(carol));
      await inside(carol, ...pass(dave));
      if (admin === "superuser")
        await postgres.root.query(`grant set on parameter log_min_messages to ${ident(bob)} with grant option`);
      if (admin === "superuser") await inside(bob, `grant set on parameter log_min_messages to ${ident(carol)}`);
      await apply(document, without(carol));
      expect(await roles(carol)).toEqual([]);
      const rights = (user: string) =>
        inside(
          "root",
          `select has_table_privilege('${user}', '"T a"', 'DELETE WITH GRANT OPTION') as "table", has_function_privilege('${user}', 'p()', 'EXECUTE') as "procedure",
            has_schema_privilege('${user}', 'app', 'CREATE') as "schema", has_type_privilege('${user}', 'd', 'USAGE') as "type"`,
        );
      expect(await rights(bob)).toEqual([{ table: true, procedure: true, schema: true, type: true }]);
      // Grants by carol end with her, as with REVOKE … CASCADE; declared grants stay.
      expect(await rights(dave)).toEqual([{ table: false, procedure: false, schema: false, type: false }]);
      await inside(dave, "select");
      await settled(without(carol));
      await apply(without(carol), without(carol, bob, dave));
      expect(await roles(bob)).toEqual([]);
    });

    it("rights on ambiguous names and SQL keywords are revoked, too", async () => {
      await inside(
        host,
        "create function p(int, int) returns int language sql return 1",
        "create procedure p(in a int, out b int) language sql as 'select 1'",
        `grant execute on function p(int, int) to ${ident(bob)} with grant option`,
      );
      await inside(bob, `grant execute on function p(int, int) to ${ident(carol)}`);
      if (admin === "superuser") {
        for (const type of ["varchar", "timestamptz", "int4"])
          await inside("root", `grant usage on type pg_catalog.${type} to ${ident(bob)} with grant option`);
        await inside(
          bob,
          `grant usage on type pg_catalog.varchar, pg_catalog.timestamptz, pg_catalog.int4 to ${ident(carol)}`,
        );
      }
      await apply(document, without(carol));
      expect(await roles(carol)).toEqual([]);
      await settled(without(carol));
    });

    it("a session that locks the role being dropped is ended first", async () => {
      const session = await postgres.server.connect({ user: carol, ...password(carol), database: house });
      await session.query(`begin; alter role ${ident(carol)} password 'another'`);
      await apply(document, without(carol));
      expect(await roles(carol)).toEqual([]);
      expect(lines.join("\n")).not.toMatch(/trying again/);
      await session.end().catch(() => undefined);
    });

    it("a baseline that holds the lock on its own login is also ended in time", async () => {
      const database = { name: name("stuck"), owner: host, onDelete: "drop" as const };
      const of = { declaration: `urn:stuck-${admin}` };
      const stuck =
        "do $$ begin execute 'set role none'; execute format('alter role %I password %L', session_user, 'x'); perform pg_sleep(3600); end $$";
      await expect(
        applyDatabase(target, { next: { ...database, baselineSql: stuck, baselineTimeout: 1 }, ...of }),
      ).rejects.toThrow(/the baseline took too long/);
      expect(await roles("pgharbor_baseline%")).toEqual([]);
      await applyDatabase(target, { next: { ...database, baselineSql: "select 1" }, ...of });
      await applyAccess(target, { databases: { [database.name]: database } }, {}, of);
    });

    it("another session that locks an unused heir blocks nothing", async () => {
      await postgres.root.query(`grant create on database ${ident(house)} to ${ident(carol)}`);
      await inside(carol, "create schema hers");
      await apply(document, without(carol));
      const [heir] = await roles("pgharbor_heir%");
      const holder = await postgres.server.connect();
      await holder.query(`begin; create temp table t (a int); grant select on t to ${heir}`);
      const rest = { users: { [host]: password(host) } };
      await apply(without(carol), rest);
      expect(lines.join("\n")).toMatch(new RegExp(`role ${heir}, which is of no use any more .* is not dropped`));
      await holder.query("rollback");
      await holder.end();
      await apply(rest, rest);
      expect(await roles("pgharbor_heir%")).toEqual([]);
    });

    it("a database that someone created under an announced name remains theirs when they leave", async () => {
      const record = target.database ?? "postgres";
      const of = { declaration: `urn:announced-${admin}` };
      const annex = name("annex");
      await postgres.root.query(`alter role ${ident(carol)} createdb`);
      const client = await postgres.server.connect({ user: target.user, password: target.password, database: record });
      await client.query(
        `insert into pgharbor.ownership (kind, name, declaration) values ('database', '${annex}', '${of.declaration}')`,
      );
      await client.end();
      await inside(carol, `create database ${ident(annex)}`);
      await apply(document, without(carol));
      await expect(applyDatabase(target, { next: { name: annex }, ...of })).rejects.toThrow(/exists already/);
      await postgres.root.query(`drop database ${ident(annex)}`);
    });

    it("it is removed from policies on others' tables", async () => {
      await inside(
        host,
        "create table t (a int)",
        "alter table t enable row level security",
        `create policy shared on t to ${ident(bob)}, ${ident(carol)}`,
        `create policy hers on t to ${ident(carol)}`,
      );
      await apply(document, without(carol));
      expect(await inside("root", "select polname, polroles::regrole[]::text from pg_policy")).toEqual([
        { polname: "shared", polroles: `{${bob}}` },
      ]);
      await settled(without(carol));
    });

    it("its publication goes to the heir, which may create nothing afterwards", async () => {
      await postgres.root.query(`grant create on database ${ident(house)} to ${ident(carol)}`);
      await inside(
        carol,
        "create schema hers",
        "create table hers.t (a int)",
        "create publication news for table hers.t",
      );
      await apply(document, without(carol));
      const [{ owner, may }] = await inside<{ owner: string; may: boolean }>(
        "root",
        "select pubowner::regrole::text as owner, has_database_privilege(pubowner, current_database(), 'CREATE') as may from pg_publication",
      );
      expect([owner, may]).toEqual([expect.stringMatching(/^pgharbor_heir_/), false]);
      await settled(without(carol));
    });

    it("its subscription is dropped by a superuser; otherwise it stays and the update says what to run", async () => {
      const connection = "host=127.0.0.1 user=nobody password=x";
      await postgres.root.query(
        `grant create on database ${ident(house)} to ${ident(carol)}; alter role ${ident(carol)} superuser`,
      );
      await inside("root", `create subscription news connection '${connection}' publication p with (connect = false)`);
      await inside("root", `alter subscription news owner to ${ident(carol)}`);
      await postgres.root.query(`alter role ${ident(carol)} nosuperuser`);
      if (admin === "superuser") {
        await apply(document, without(carol));
        expect(
          await postgres.root.query("select subowner::regrole::text as owner, subenabled from pg_subscription"),
        ).toMatchObject({
          rows: [{ owner: "postgres", subenabled: false }],
        });
      } else {
        await expect(apply(document, without(carol))).rejects.toThrow(
          /owns a subscription.*ALTER SUBSCRIPTION "news" OWNER TO/,
        );
      }
      await inside("root", "alter subscription news set (slot_name = none)", "drop subscription news");
    });

    it("a role that lost LOGIN in a failed run can log in once it is declared again", async () => {
      await postgres.root.query(`grant create on database ${ident(house)} to ${ident(carol)}`);
      await inside(carol, "create schema hers");
      const [{ heir }] = await inside<{ heir: string }>(
        "root",
        `select 'pgharbor_heir_' || d.oid || '_' || r.oid as heir from pg_database d, pg_roles r
        where datname = current_database() and rolname = '${carol}'`,
      );
      await postgres.root.query(`create role ${heir}`);
      await expect(apply(document, without(carol))).rejects.toThrow(/what dropped roles owned exists already/);
      const mayLogIn = async () =>
        (
          await postgres.root.query<{ may: boolean }>("select rolcanlogin as may from pg_roles where rolname = $1", [
            carol,
          ])
        ).rows[0].may;
      expect(await mayLogIn()).toBe(false);
      await postgres.root.query(`drop role ${heir}`);
      await apply(document, document);
      expect(await mayLogIn()).toBe(true);
      await settled(document);
      // Changes by others to what is not declared are left alone.
      await postgres.root.query(`alter role ${ident(carol)} nologin`);
      await settled(document);
    });

    it("its foreign server goes to the heir if the admin is a superuser", async () => {
      await inside(
        "root",
        "create extension if not exists postgres_fdw",
        `grant usage on foreign data wrapper postgres_fdw to ${ident(carol)}`,
      );
      await inside(
        carol,
        "create server far foreign data wrapper postgres_fdw",
        "create user mapping for current_user server far",
      );
      if (admin === "superuser") {
        await apply(document, without(carol));
        expect(await inside("root", "select srvowner::regrole::text as owner from pg_foreign_server")).toEqual([
          { owner: expect.stringMatching(/^pgharbor_heir_/) },
        ]);
        return;
      }
      await expect(apply(document, without(carol))).rejects.toThrow(
        /owns a foreign server.*ALTER FOREIGN SERVER "far" OWNER TO/,
      );
      await inside(
        "root",
        "drop server far cascade",
        `revoke usage on foreign data wrapper postgres_fdw from ${ident(carol)}`,
      );
      await apply(document, without(carol));
    });

    it("heirs are dropped with their databases, even if someone else dropped those or granted the heir something", async () => {
      await postgres.root.query(`grant create on database ${ident(house)} to ${ident(carol)}`);
      await inside(
        carol,
        "create schema hers",
        `create function hers."now\nYOU are done"() returns int language sql security definer return 1`,
      );
      await apply(document, without(carol));
      // Each line of progress stays one line, whatever the objects' names contain.
      expect(lines.filter((line) => line.includes("done"))).toEqual([
        expect.stringMatching(/now\?YOU are done.*SECURITY DEFINER/),
      ]);
      const [heir] = await roles("pgharbor_heir%");
      await postgres.root.query("create database elsewhere");
      await postgres.root.query(`grant connect, temporary on database elsewhere to ${heir}`);
      await inside(host, `alter database ${ident(house)} is_template true`);
      if (admin === "superuser") {
        await postgres.root.query(`alter database ${ident(house)} is_template false`);
        await postgres.root.query(`drop database ${ident(house)} with (force)`);
      }
      const rest = { users: { [host]: password(host) } };
      await apply(without(carol), rest);
      // This admin cannot revoke what a superuser granted. The heir remains, and delays nothing.
      if (admin === "hosted") {
        expect(lines.join("\n")).toMatch(new RegExp(`role ${heir}, which is of no use any more .* is not dropped`));
        await postgres.root.query(`revoke all on database elsewhere from ${heir}`);
        await apply(rest, rest);
      }
      expect(await roles("pgharbor_heir%")).toEqual([]);
      await postgres.root.query("drop database elsewhere");
    });

    it("settings that block all logins do not block the admin, and a limit of zero is reported at once", async () => {
      await inside(host, `alter database ${ident(house)} set local_preload_libraries to 'not_there'`);
      const more = {
        ...document,
        databases: { [house]: { ...document.databases![house], schemas: [{ name: "more" }] } },
      };
      await apply(document, more);
      await inside(host, "select").then(
        () => expect("a session").toBe("refused"),
        (error: Error) => expect(error.message).toMatch(/not_there/),
      );
      await postgres.root.query(
        `alter database ${ident(house)} reset all; alter database ${ident(house)} connection limit 0`,
      );
      const again = { ...more, databases: { [house]: { ...more.databases[house], schemas: [{ name: "again" }] } } };
      if (admin === "hosted")
        await expect(apply(more, again)).rejects.toThrow(/lets no more connections in.*CONNECTION LIMIT -1/);
      else await apply(more, again);
      await postgres.root.query(`alter database ${ident(house)} connection limit -1`);
    });

    it("if someone drops a table while rights are granted, the catalog is read again, without an error", async () => {
      await inside(host, "create table stays (a int)", "create sequence goes");
      const holder = await postgres.server.connect({ user: host, ...password(host), database: house });
      // This changes the table's row in the catalog, so that other sessions that change the row wait.
      await holder.query(`begin; grant select on stays to ${ident(dave)}`);
      const all = { ...may(bob), schema: "public", privileges: ["SELECT"] };
      const next = {
        ...document,
        grants: {
          ...document.grants,
          tables: { ...all, on: "allTables" as const },
          sequences: { ...all, on: "allSequences" as const },
        },
      };
      const done = apply(document, next);
      await eventually(async () => {
        const { rows } = await postgres.root.query(
          "select from pg_stat_activity where application_name = 'pgharbor' and wait_event_type = 'Lock' and query like '%GRANT%'",
        );
        expect(rows).toHaveLength(1);
      });
      await inside(host, "drop sequence goes");
      await holder.query("rollback");
      await holder.end();
      await done;
      expect(lines.join("\n")).toMatch(/trying again/);
      await settled(next);
      await apply(next, document);
    });

    it("a baseline that takes too long is ended, and the corrected one runs", async () => {
      const database = { name: name("slow"), owner: host, onDelete: "drop" as const };
      const of = { declaration: `urn:slow-${admin}` };
      const slow = "create table t (); set statement_timeout = 0; select pg_sleep(3600)";
      const started = Date.now();
      await expect(
        applyDatabase(target, { next: { ...database, baselineSql: slow, baselineTimeout: 1 }, ...of }),
      ).rejects.toThrow(new RegExp(`databases.${database.name}.baseline: the baseline took too long .* more than 1 s`));
      expect(Date.now() - started).toBeLessThan(600_000);
      expect(await roles("pgharbor_baseline%")).toEqual([]);
      await applyDatabase(target, { next: { ...database, baselineSql: "create table t ()" }, ...of });
      await applyAccess(target, { databases: { [database.name]: database } }, {}, of);
    });

    it("objects of a killed baseline's login do not go to the owner of another database", async () => {
      const record = target.database ?? "postgres";
      const client = await postgres.server.connect({ user: target.user, password: target.password, database: record });
      await client.query(`create role pgharbor_baseline_dead login;
        insert into pgharbor.ownership (kind, name, declaration, object) select 'login', rolname, 'x', oid from pg_roles where rolname = 'pgharbor_baseline_dead'`);
      await client.end();
      await inside(
        "root",
        "create function trap() returns text language sql security definer return current_user",
        "alter function trap owner to pgharbor_baseline_dead",
      );
      // Any change removes that login, with a baseline or without.
      await applyRole(target, { next: { name: name("any") }, declaration: `urn:any-${admin}` });
      expect(
        await inside("root", "select proowner::regrole::text as owner from pg_proc where proname = 'trap'"),
      ).toEqual([{ owner: expect.stringMatching(/^pgharbor_heir_/) }]);
      expect(await roles("pgharbor_baseline%")).toEqual([]);
      await dropRole(target, name("any"), { declaration: `urn:any-${admin}` });
    });

    it("each of several leaving users has a separate heir, so one user's code cannot access another's data", async () => {
      await inside(host, `grant usage, create on schema public to ${ident(bob)}, ${ident(carol)}`);
      await inside(carol, "create table public.salaries (n int)", `grant select on salaries to ${ident(bob)}`);
      await inside(
        bob,
        "create view public.peek as select * from salaries",
        "create function public.run(q text) returns void language plpgsql security definer as 'begin execute q; end'",
      );
      await apply(document, without(bob));
      await apply(without(bob), without(bob, carol));
      const owners = await inside<{ owner: string }>(
        "root",
        "select distinct relowner::regrole::text as owner from pg_class where relname in ('salaries', 'peek')",
      );
      expect(owners).toHaveLength(2);
      await expect(inside(dave, "select public.run('delete from public.salaries')")).rejects.toThrow(
        /permission denied/,
      );
      await settled(without(bob, carol));
      await apply(without(bob, carol), document);
    });

    it("objects that members create in its name while it leaves are not dropped", async () => {
      await postgres.root.query(`grant ${ident(carol)} to ${ident(bob)}`);
      await inside(host, `grant usage, create on schema public to ${ident(carol)}`);
      await inside(carol, "create table first (a int)");
      const member = await postgres.server.connect({ user: bob, ...password(bob), database: house });
      await member.query(`set role ${ident(carol)}`);
      let [created, goesOn] = [0, true];
      const creating = (async () => {
        for (; goesOn; created++) await member.query(`create table made_${created} (a int)`);
      })().catch(() => undefined);
      await eventually(async () => expect(created).toBeGreaterThan(5));
      const leaving = apply(document, without(carol)).catch((error: Error) => error.message);
      await new Promise((resolve) => setTimeout(resolve, 2000));
      goesOn = false;
      await creating;
      await member.end();
      const outcome = await leaving;
      if (typeof outcome === "string") await apply(document, without(carol));
      expect(await roles(carol)).toEqual([]);
      const [{ count }] = await inside<{ count: number }>(
        "root",
        "select count(*)::int from pg_class where relname like 'made\\_%'",
      );
      expect(count).toBe(created);
      await settled(without(carol));
    });

    it("loses its login even if it reconnects quickly and locks its own role", async () => {
      let goesOn = true;
      const hold = async () => {
        while (goesOn) {
          const client = await postgres.server
            .connect({ user: carol, ...password(carol), database: house })
            .catch(() => undefined);
          await client?.query(`begin; alter role ${ident(carol)} password 'again'`).catch(() => undefined);
          await client?.query("select pg_sleep(60)").catch(() => undefined);
          await client?.end().catch(() => undefined);
        }
      };
      const holders = Array.from({ length: 8 }, hold);
      await eventually(async () =>
        expect(
          (await postgres.root.query("select from pg_stat_activity where usename = $1", [carol])).rowCount,
        ).toBeGreaterThan(3),
      );
      await apply(document, without(carol)).finally(() => (goesOn = false));
      expect(await roles(carol)).toEqual([]);
      expect(lines.join("\n")).not.toMatch(/attempt [3-9]/);
      await Promise.all(holders);
    });

    it("chains and circles of its grants end with it, even where the owner's members passed them on", async () => {
      await inside(
        host,
        "create schema types; create type types.mood as enum ('fine')",
        `grant usage on schema types to ${ident(bob)}, ${ident(carol)}`,
        "create table t (a int, b int); create table u (a int); create function f(types.mood) returns int language sql return 1",
        `grant select on t, u to ${ident(bob)} with grant option`,
        `grant select (a), update (b) on t to ${ident(carol)} with grant option`,
        `grant execute on function f to ${ident(carol)} with grant option`,
      );
      await inside(bob, `grant select on t, u to ${ident(dave)} with grant option`);
      await inside(dave, `grant select on t to ${ident(carol)} with grant option`);
      await inside(carol, `grant update (b) on t to ${ident(dave)}`, `grant execute on function f to ${ident(bob)}`);
      await inside(host, `revoke usage on schema types from ${ident(carol)}`);
      // Here the role is also a member of the owner when it loses the grant option; its own grants stay.
      await postgres.root.query(`grant ${ident(host)} to ${ident(bob)}`);
      await inside(host, `revoke grant option for select on u from ${ident(bob)} cascade`);
      expect(await inside("root", `select has_table_privilege('${dave}', 'u', 'select') as may`)).toEqual([
        { may: true },
      ]);
      await apply(document, without(bob, dave));
      await apply(without(bob, dave), without(bob, carol, dave));
      expect(await roles(`%_${admin}`)).toEqual([host]);
      await settled(without(bob, carol, dave));
      await apply(without(bob, carol, dave), document);
    });

    it("code in a superuser's schema goes to its heir, or the error says what a superuser has to run", async () => {
      await inside("root", `create schema roots; grant usage, create on schema roots to ${ident(carol)}`);
      await inside(carol, "create function roots.hers() returns int language sql return 1");
      const outcome = await apply(document, without(carol)).catch((error: Error) => error.message);
      if (admin === "hosted") {
        expect(outcome).toMatch(
          /superuser's schema.*got roots.*GRANT CREATE ON SCHEMA "roots" TO "pgharbor_heir_\d+_\d+"/,
        );
        await inside("root", "drop function roots.hers", `revoke all on schema roots from ${ident(carol)}`);
        await apply(document, without(carol));
      }
      expect(await roles(carol)).toEqual([]);
      await inside("root", "drop schema roots cascade");
    });

    it("tables beyond the server's lock capacity go to the heir in portions", async () => {
      await inside(host, "create schema many", `grant usage, create on schema many to ${ident(carol)}`);
      await inside(
        carol,
        `do $$ begin for i in 1..3 loop execute format('create table many."T %s" (id serial primary key, t text)', i); end loop; end $$`,
        ...Array.from(
          { length: 20 },
          (_, n) =>
            `do $$ begin for i in 1..150 loop execute format('create table many.t%s_%s (a int)', ${n}, i); end loop; end $$`,
        ),
      );
      await inside(host, `revoke create on schema many from ${ident(carol)}`);
      await apply(document, without(carol));
      expect(await roles(carol)).toEqual([]);
      expect(lines.filter((line) => /to hand over/.test(line)).length).toBeGreaterThan(1);
      const [heir] = await roles("pgharbor_heir%");
      expect(
        await inside(
          "root",
          "select relowner::regrole::text as owner, count(*)::int from pg_class where relnamespace = 'many'::regnamespace group by 1",
        ),
      ).toEqual([{ owner: heir, count: 3 * 3 + 20 * 150 }]);
      expect(await inside("root", `select has_schema_privilege('${heir}', 'many', 'CREATE') as may`)).toEqual([
        { may: false },
      ]);
      await settled(without(carol));
      await inside(
        "root",
        ...Array.from(
          { length: 20 },
          (_, n) =>
            `do $$ begin for i in 1..150 loop execute format('drop table many.t%s_%s', ${n}, i); end loop; end $$`,
        ),
      );
    });
  });

  it("a user that passed on a membership is dropped, and so are the memberships it granted", async () => {
    if (major === "15") return;
    const of = { declaration: "urn:passing" };
    for (const each of ["group", "passer", "taker"])
      await applyRole(postgres.server.target, { next: { name: each }, ...of });
    await postgres.root.query(
      'grant "group" to passer with admin option; set role passer; grant "group" to taker; reset role',
    );
    await dropRole(postgres.server.target, "passer", of);
    expect(await roles("passer")).toEqual([]);
    for (const each of ["group", "taker"]) await dropRole(postgres.server.target, each, of);
  });
});
