import {
  type AccessDocument,
  applyAccess,
  applyDatabase,
  applyRole,
  dropDatabase,
  dropRole,
  type SqlTarget,
} from "../../packages/sql/src";
import { adminTarget, askAs, serverWithAdmins } from "../support/sql-admins";

jest.setTimeout(600_000);

describe.each(["17", "15"])("PostgreSQL %s", (major) => {
  const postgres = serverWithAdmins({ major });
  beforeAll(async () => {
    await postgres.root.query("create role unrecorded login createrole createdb password 'unrecorded pw'");
  });

  const as = (admin: string): SqlTarget => adminTarget(postgres.server, admin);
  const exists = async (catalog: string, name: string): Promise<boolean> =>
    (
      await postgres.root.query(
        `select from ${catalog === "role" ? "pg_roles where rolname" : "pg_database where datname"} = $1`,
        [name],
      )
    ).rows.length > 0;
  const inside = <T extends object>(database: string, sql: string, user?: string): Promise<T[]> =>
    askAs<T>(postgres.server, { user, database }, sql);

  describe.each(["superuser", "hosted"])("as a %s admin", (admin) => {
    const name = (what: string): string => `${what}_${admin}`;
    const declaration = `urn:${admin}`;
    const ofDatabase = { declaration: `urn:database-${admin}` };
    // One of the extensions that only superusers may create; it requires another one.
    const [extension, required] =
      admin === "superuser" ? ["earthdistance", ["cube", "earthdistance"]] : ["citext", ["citext"]];

    it("objects that a failed run created belong to the declaration, and the corrected program continues", async () => {
      const users = { [name("early")]: {}, [name("gone")]: {} };
      const databases = {
        [name("half")]: {
          owner: name("early"),
          extensions: [{ name: "no_such_extension" }],
          baselineSql: "create table t ()",
        },
      };
      const grants = {
        g: { role: name("early"), on: "table" as const, database: name("half"), name: "t", privileges: ["SELECT"] },
      };
      await expect(
        applyAccess(as(admin), undefined, { users, databases, grants }, { declaration }),
      ).rejects.toMatchObject({
        message: expect.stringMatching(/no_such_extension/),
        executed: expect.arrayContaining([`CREATE ROLE "${name("early")}" LOGIN`, `CREATE DATABASE "${name("half")}"`]),
      });
      const corrected: AccessDocument = {
        users: { [name("early")]: {} },
        databases: {
          [name("half")]: {
            owner: name("early"),
            extensions: [{ name: extension }],
            baselineSql: "create table t ()",
            onDelete: "drop",
          },
        },
        grants,
      };
      await applyAccess(as(admin), undefined, corrected, { declaration });
      expect(await exists("role", name("gone"))).toBe(false);
      const extensions = await inside(
        name("half"),
        "select extname from pg_extension where extname <> 'plpgsql' order by 1",
      );
      expect(extensions).toEqual(required.map((extname) => ({ extname })));
      expect((await applyAccess(as(admin), corrected, corrected, { declaration })).executed).toEqual([]);
      await applyAccess(as(admin), corrected, {}, { declaration });
      expect([await exists("role", name("early")), await exists("database", name("half"))]).toEqual([false, false]);
    });

    it("the baseline runs once, even if an earlier run died before or after its commit", async () => {
      const database = {
        name: name("base"),
        baselineSql: "create table t (); set local role none; create sequence s",
        owner: name("base_owner"),
      };
      await applyRole(as(admin), { next: { name: name("base_owner") }, declaration });
      await expect(
        applyDatabase(as(admin), {
          next: { ...database, baselineSql: "create table t (); select 1/0" },
          ...ofDatabase,
        }),
      ).rejects.toThrow("division by zero");
      await applyDatabase(as(admin), { next: database, ...ofDatabase });
      const objects = () =>
        inside(
          database.name,
          `select relname, relowner::regrole::text as owner from pg_class where relname in ('t', 's') order by 1`,
        );
      const made = ["s", "t"].map((relname) => ({ relname, owner: name("base_owner") }));
      expect(await objects()).toEqual(made);
      // Simulates a run that ended before it saw the commit.
      const [{ xid }] = await inside<{ xid: string }>(
        database.name,
        "select xmin::text as xid from pg_class where relname = 't'",
      );
      const maker = await postgres.server.connect({ ...as(admin), database: as(admin).database ?? "postgres" });
      await maker.query(`create role pgharbor_baseline_dead login;
        insert into pgharbor.ownership (kind, name, declaration, object) select 'login', rolname, 'x', oid from pg_roles where rolname = 'pgharbor_baseline_dead'`);
      await maker.end();
      await inside(
        as(admin).database ?? "postgres",
        `update pgharbor.ownership set unfinished = true, baseline_transaction = '${xid}'::xid8 where name = '${database.name}'`,
      );
      await applyDatabase(as(admin), { next: database, ...ofDatabase });
      expect(await objects()).toEqual(made);
      expect(await inside("postgres", "select rolname from pg_roles where rolname like 'pgharbor_baseline%'")).toEqual(
        [],
      );
      await dropDatabase(as(admin), database.name, { onDelete: "drop", ...ofDatabase });
      await dropRole(as(admin), name("base_owner"), { declaration });
    });

    it("the error for a second resource names the first, and deleting the first takes nothing from the second", async () => {
      const [first, second] = ["first", "second"].map((n) => ({
        user: { declaration: `urn:${n}-${admin}` },
        base: { declaration: `urn:${n}-base-${admin}` },
      }));
      const role = { name: name("moved"), password: "moved-password" };
      const database = { name: name("moved"), owner: role.name, onDelete: "drop" as const };
      await applyRole(as(admin), { next: role, ...first.user });
      await applyDatabase(as(admin), { next: database, ...first.base });
      await expect(applyRole(as(admin), { next: role, ...second.user })).rejects.toThrow(
        new RegExp(`users.${role.name}: a role of that name is managed by urn:first-${admin}, .*aliases.*adopt: true`),
      );
      await applyRole(as(admin), { next: role, adopt: true, ...second.user });
      await applyDatabase(as(admin), { next: database, adopt: true, ...second.base });
      await dropDatabase(as(admin), database.name, { onDelete: "drop", ...first.base });
      await dropRole(as(admin), role.name, { onDelete: "drop", ...first.user });
      expect([await exists("role", role.name), await exists("database", database.name)]).toEqual([true, true]);
      // With an alias it counts as the same declaration, and `adopt` is not needed.
      const thirdBase = { declaration: `urn:third-base-${admin}`, formerDeclaration: second.base.declaration };
      const third = { declaration: `urn:third-${admin}`, formerDeclaration: second.user.declaration };
      await applyRole(as(admin), { previous: role, next: { ...role, connlimit: 4 }, ...third });
      await applyDatabase(as(admin), { previous: database, next: database, ...thirdBase });
      await dropDatabase(as(admin), database.name, { onDelete: "drop", declaration: thirdBase.declaration });
      await dropRole(as(admin), role.name, { declaration: third.declaration });
      expect([await exists("role", role.name), await exists("database", database.name)]).toEqual([false, false]);
    });

    it("a grant that moves to another declaration is not revoked by the first", async () => {
      const [one, two] = [{ declaration: "urn:one" }, { declaration: "urn:two" }];
      const users = { [name("reader")]: {} };
      const databases = { [name("lib")]: { schemas: [{ name: "app" }], onDelete: "drop" as const } };
      const grant = {
        role: name("reader"),
        on: "schema" as const,
        database: name("lib"),
        schema: "app",
        privileges: ["USAGE"],
      };
      const future = {
        role: name("reader"),
        on: "tables" as const,
        database: name("lib"),
        owner: name("reader"),
        privileges: ["DELETE"],
      };
      const both = { grants: { g: grant }, defaultPrivileges: { p: { ...future, role: "public" } } };
      await applyAccess(as(admin), undefined, { users, databases, ...both }, one);
      await applyAccess(as(admin), undefined, both, two);
      await applyAccess(as(admin), { users, databases, ...both }, { users, databases }, one);
      const may = () => inside(name("lib"), `select has_schema_privilege('${name("reader")}', 'app', 'USAGE') as may`);
      expect(await may()).toEqual([{ may: true }]);
      expect(await inside(name("lib"), "select 1 from pg_default_acl")).toHaveLength(1);
      await applyAccess(as(admin), both, {}, two);
      expect(await may()).toEqual([{ may: false }]);
      await applyAccess(as(admin), { users, databases }, {}, one);
    });

    it("adopting changes only declared settings; adopted objects stay after their declaration, unless told otherwise", async () => {
      await inside("postgres", `create role ${name("legacy")} login password 'legacy pw' connection limit 3`);
      await inside("postgres", `create database ${name("legacy")}`);
      if (admin === "hosted" && major === "17")
        await inside(
          "postgres",
          `grant ${name("legacy")} to hosted with admin true; alter database ${name("legacy")} owner to hosted`,
        );
      if (admin === "hosted" && major === "15")
        await inside("postgres", `alter database ${name("legacy")} owner to hosted`);
      const verifier = () =>
        postgres.root.query("select rolpassword, rolconnlimit from pg_authid where rolname = $1", [name("legacy")]);
      const before = (await verifier()).rows;
      expect(
        (await applyRole(as(admin), { next: { name: name("legacy"), adopt: true }, declaration })).executed,
      ).toEqual([]);
      expect(
        (await applyDatabase(as(admin), { next: { name: name("legacy"), adopt: true }, ...ofDatabase })).executed,
      ).toEqual([]);
      expect((await verifier()).rows).toEqual(before);
      await dropRole(as(admin), name("legacy"), { declaration });
      expect(await exists("role", name("legacy"))).toBe(true);
      await applyRole(as(admin), { next: { name: name("legacy"), adopt: true }, declaration });
      await dropRole(as(admin), name("legacy"), { declaration, onDelete: "drop" });
      expect(await exists("role", name("legacy"))).toBe(false);
      await dropDatabase(as(admin), name("legacy"), { onDelete: "drop", ...ofDatabase });
    });

    it("a role that someone created again under the same name is not dropped", async () => {
      const role = { name: name("anew") };
      await applyRole(as(admin), { next: role, declaration });
      await postgres.root.query(`drop role ${role.name}; create role ${role.name} login`);
      await dropRole(as(admin), role.name, { declaration });
      expect(await exists("role", role.name)).toBe(true);
      await postgres.root.query(`drop role ${role.name}`);
    });

    it("a leaving user's databases go to separate heirs, and its code to a role without rights", async () => {
      const [alice, bob, shop] = [name("alice"), name("bob"), name("shop")];
      const users = { [alice]: { password: `${alice} pw` }, [bob]: { password: `${bob} pw` } };
      const databases = {
        [shop]: { owner: alice, onDelete: "drop" as const },
        [`z${shop}`]: { owner: bob, onDelete: "drop" as const },
      };
      const grants = {
        connect: { role: bob, on: "database" as const, database: shop, privileges: ["CONNECT", "CREATE"] },
        create: { role: bob, on: "schema" as const, database: shop, schema: "public", privileges: ["CREATE", "USAGE"] },
      };
      await applyAccess(as(admin), undefined, { users, databases, grants }, { declaration });
      await inside(shop, "create table secrets as select 's3cret'::text as secret", alice);
      await inside(
        shop,
        `create function become() returns text language plpgsql security definer as $$ begin return current_user; end $$;
        create function steal() returns text language sql security definer begin atomic select current_user::text; end;
        create type mood as enum ('fine'); create schema bobs; create table bobs.mine as select 42 as answer;
        create view peek as select current_user as who; create domain d as int; create sequence public.bobs_seq`,
        bob,
      );
      await inside(`z${shop}`, "create table other ()", bob);
      const progress: string[] = [];
      const next = {
        users: { [alice]: users[alice] },
        databases: { ...databases, [`z${shop}`]: { onDelete: "drop" as const } },
      };
      await applyAccess(
        { ...as(admin), onProgress: (line) => progress.push(line) },
        { users, databases, grants },
        next,
        { declaration },
      );
      expect(await exists("role", bob)).toBe(false);
      const owner = async (database: string) =>
        (
          await postgres.root.query<{ owner: string }>(
            "select datdba::regrole::text as owner from pg_database where datname = $1",
            [database],
          )
        ).rows[0].owner;
      expect(await owner(shop)).toBe(alice);
      expect(await owner(`z${shop}`)).not.toBe(alice);
      const owners = await inside<{ owner: string }>(
        shop,
        `select distinct proowner::regrole::text as owner from pg_proc where proname in ('become', 'steal')
        union select relowner::regrole::text from pg_class where relname in ('mine', 'peek', 'bobs_seq')
        union select typowner::regrole::text from pg_type where typname in ('mood', 'd') union select nspowner::regrole::text from pg_namespace where nspname = 'bobs'`,
      );
      expect(owners).toEqual([{ owner: expect.stringMatching(/^pgharbor_heir_\d+_\d+$/) }]);
      // The database's owner loses nothing, and the code runs with no one's rights.
      expect(await inside(shop, "select answer from bobs.mine", alice)).toEqual([{ answer: 42 }]);
      expect(await inside(shop, "select public.become() as become", alice)).toEqual([{ become: owners[0].owner }]);
      expect(
        await inside(
          shop,
          `select has_table_privilege('${owners[0].owner}', 'secrets', 'SELECT') as may, has_schema_privilege('${owners[0].owner}', 'public', 'CREATE') as create`,
        ),
      ).toEqual([{ may: false, create: false }]);
      expect(
        (
          await postgres.root.query("select rolcanlogin, rolinherit from pg_roles where rolname = $1", [
            owners[0].owner,
          ])
        ).rows,
      ).toEqual([{ rolcanlogin: false, rolinherit: false }]);
      expect(progress.join("\n")).toMatch(/with code that bob_\w+ left: function .*become\(\) \(SECURITY DEFINER\)/);
      // The database's new owner maintains it; the former owner no longer does.
      const handed = {
        ...next,
        users: { ...next.users, [name("carol")]: { password: `${name("carol")} pw` } },
        databases: { ...next.databases, [shop]: { ...databases[shop], owner: name("carol") } },
      };
      await applyAccess(as(admin), next, handed, { declaration });
      expect(await inside(shop, "select answer from bobs.mine", name("carol"))).toEqual([{ answer: 42 }]);
      await applyAccess(as(admin), handed, {}, { declaration });
      expect(
        await postgres.root.query(
          "select rolname from pg_roles where rolname like 'pgharbor_heir%' or rolname like $1",
          [`%_${admin}`],
        ),
      ).toMatchObject({ rows: [] });
    });
  });

  it("an admin without an ownership record drops nothing, reports this, and runs no baseline", async () => {
    const progress: string[] = [];
    const target = { ...as("unrecorded"), onProgress: (line: string) => void progress.push(line) };
    await applyRole(target, { next: { name: "kept" } });
    await applyDatabase(target, { next: { name: "kept" } });
    await dropRole(target, "kept", { onDelete: "drop" });
    await dropDatabase(target, "kept", { onDelete: "drop" });
    expect([await exists("role", "kept"), await exists("database", "kept")]).toEqual([true, true]);
    expect(progress).toContain("role kept stays: the admin user can keep no record of what pgharbor made");
    await expect(applyDatabase(target, { next: { name: "based", baselineSql: "select 1" } })).rejects.toThrow(
      /databases.based.baselineSql: the admin user can keep no record/,
    );
    expect(await exists("database", "based")).toBe(false);
    await postgres.root.query("drop role kept");
    await postgres.root.query("drop database kept");
  });

  it("an ownership record that someone else could write is refused before any change", async () => {
    await postgres.root.query("create role forger login password 'forger pw'");
    await postgres.root.query("create database forged owner forger");
    await inside("forged", "create schema pgharbor; create table pgharbor.ownership (kind text)", "forger");
    await expect(
      applyRole({ ...postgres.server.target, database: "forged" }, { next: { name: "never" } }),
    ).rejects.toThrow(/the record of ownership can be written by others, got schema pgharbor belongs to forger/);
    expect(await exists("role", "never")).toBe(false);
    await applyRole(postgres.server.target, { next: { name: "first" } });
    await postgres.root.query("grant trigger on pgharbor.ownership to forger");
    await expect(applyRole(postgres.server.target, { next: { name: "never" } })).rejects.toThrow(
      "forger has TRIGGER on table",
    );
    await postgres.root.query("revoke trigger on pgharbor.ownership from forger");
    await dropRole(postgres.server.target, "first");
  });
});
