import {
  type AccessDocument,
  applyAccess,
  applyDatabase,
  applyRole,
  dropDatabase,
  dropRole,
  ident,
  literal,
  readAccess,
  type SqlTarget,
  templatePrivileges,
} from "../../packages/sql/src";
import { plantCode, plantedSettings } from "../support/planted-code";
import { adminTarget, askAs, serverWithAdmins } from "../support/sql-admins";

jest.setTimeout(600_000);

/** The owners of databases are not trusted: nothing that they can write influences the admin's session. */
describe.each(["17", "15"])("PostgreSQL %s", (major) => {
  const postgres = serverWithAdmins({ major }, "createrole createdb bypassrls replication");

  const as = (admin: string): SqlTarget => adminTarget(postgres.server, admin);
  const asOwner = <T extends object>(user: string, database: string, ...queries: string[]): Promise<T[]> =>
    askAs<T>(postgres.server, { user, database }, ...queries);
  const attributes = async (role: string) =>
    (
      await postgres.root.query(
        "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication from pg_roles where rolname = $1",
        [role],
      )
    ).rows;

  describe.each(["superuser", "hosted"])("as a %s admin", (admin) => {
    const [owner, reader, db] = [`owner_${admin}`, `reader_${admin}`, `shop_${admin}`];
    const declaration = `urn:${admin}`;
    const baselineSql = "create table public.made as select lower('X') || upper('y') as text, 1 + 1 as two";
    const document: AccessDocument = {
      users: { [owner]: { password: `${owner} pw` }, [reader]: { password: `${reader} pw` } },
      databases: { [db]: { owner, schemas: [{ name: "app" }], extensions: [{ name: "citext" }] } },
      ...templatePrivileges(db, [owner], ["public"]),
    };
    const users = Object.fromEntries(
      ["readonly", "readwrite", "admin", "offline"].map((r) => [`dbrole_${r}`, { login: false, adopt: true }]),
    );
    const all = (more: Partial<AccessDocument> = {}): AccessDocument => ({
      ...document,
      users: { ...users, ...document.users, ...more.users },
      databases: { [db]: { ...document.databases![db], ...more.databases?.[db] } },
      grants: { ...document.grants, ...more.grants },
    });

    it("after a failed baseline, planted objects and settings run nothing as the admin", async () => {
      const failing = all({ databases: { [db]: { baselineSql: "select 1/0" } } });
      await expect(applyAccess(as(admin), undefined, failing, { declaration })).rejects.toThrow("division by zero");
      await asOwner(owner, db, plantCode(owner));
      await asOwner(
        owner,
        db,
        `comment on database ${ident(db)} is 'pgharbor: being made, the baseline SQL has not run yet'`,
      );
      const version = Number(major);
      const planted = plantedSettings(owner, version);
      await asOwner(
        owner,
        db,
        // The last settings end the session that applies them.
        ...Object.entries(planted).map(
          ([name, value]) =>
            `alter database ${ident(db)} set ${name} to ${name === "search_path" ? value : literal(value)}`,
        ),
      );
      const corrected = all({ databases: { [db]: { baselineSql } } });
      await applyAccess(as(admin), undefined, corrected, { declaration });
      const grants = {
        deferred: { role: reader, on: "table" as const, database: db, name: "made", privileges: ["SELECT"] },
      };
      const changed = all({
        databases: { [db]: { baselineSql, schemas: [{ name: "app" }, { name: "more" }] } },
        grants,
      });
      await applyAccess(as(admin), corrected, changed, { declaration });
      expect((await applyAccess(as(admin), changed, changed, { declaration })).executed).toEqual([]);
      expect((await readAccess(as(admin), changed)).document.grants).toEqual(changed.grants);

      // The planted settings would end this query's session, too.
      await postgres.root.query(`alter database ${ident(db)} reset all`);
      const inside = await postgres.server.connect({
        ...(postgres.server.target as { user: string; password: string }),
        database: db,
      });
      const { rows } = await inside.query<{ who: string; session: string; won: string | null }>(
        "select distinct current_role_ as who, session_role_ as session, won from public.traces",
      );
      await inside.end();
      const inWhoseName = new Set(rows.flatMap((r) => [r.who, r.session]));
      for (const name of ["postgres", "hosted"]) expect(inWhoseName).not.toContain(name);
      expect(rows.filter((r) => r.won !== null)).toEqual([]);
      // The trap works: the baseline calls functions and operators by bare names, and so called the planted ones as the
      // owner.
      expect([...inWhoseName].some((name) => name === owner)).toBe(true);
      const plain = {
        rolsuper: false,
        rolcreaterole: false,
        rolcreatedb: false,
        rolbypassrls: false,
        rolreplication: false,
      };
      expect(await attributes(owner)).toEqual([plain]);
    });

    it("removing the owner runs none of its code", async () => {
      const grants = {
        deferred: { role: reader, on: "table" as const, database: db, name: "made", privileges: ["SELECT"] },
      };
      const now = all({ databases: { [db]: { baselineSql, schemas: [{ name: "app" }, { name: "more" }] } }, grants });
      const without: AccessDocument = { users: { ...users, [reader]: {} }, databases: { [db]: {} } };
      const count = async () =>
        (await postgres.root.query("select from pg_roles where rolname = $1", [owner])).rows.length;
      await applyAccess(as(admin), now, without, { declaration });
      expect(await count()).toBe(0);
      await applyAccess(as(admin), without, {}, { declaration });
    });
  });

  it("an event trigger of an untrusted role stops the admin with an error before it runs", async () => {
    await applyAccess(postgres.server.target, undefined, {
      users: { builder: { password: "builder pw" } },
      databases: { built: { owner: "builder" } },
    });
    await asOwner(
      "builder",
      "built",
      "create table seen (who text); create function spy() returns event_trigger language plpgsql as 'begin insert into public.seen values (current_user); end'",
    );
    const inside = await postgres.server.connect({
      ...(postgres.server.target as { user: string; password: string }),
      database: "built",
    });
    await inside.query("create event trigger spying on ddl_command_end execute function public.spy()");
    const before = { users: { builder: { password: "builder pw" } }, databases: { built: { owner: "builder" } } };
    const next = { ...before, databases: { built: { owner: "builder", schemas: [{ name: "more" }] } } };
    await expect(applyAccess(postgres.server.target, before, next)).rejects.toThrow(
      /databases.built: an event trigger runs a function of somebody else .*, got spying, whose function belongs to builder/,
    );
    expect((await inside.query("select * from seen")).rows).toEqual([]);
    // The event trigger of a leaving owner is disabled, and its function belongs to a role without rights.
    await applyAccess(postgres.server.target, before, { databases: { built: {} } });
    expect(
      (await inside.query("select evtenabled, evtowner::regrole::text as owner from pg_event_trigger")).rows,
    ).toEqual([{ evtenabled: "D", owner: "postgres" }]);
    expect((await inside.query("select * from seen")).rows).toEqual([]);
    await inside.end();
  });

  it("a login event trigger runs in no session of the admin", async () => {
    if (major !== "17") return;
    const document = { users: { gate: { password: "gate pw" } }, databases: { gated: { owner: "gate" } } };
    for (const admin of ["superuser", "hosted"]) {
      await applyAccess(as(admin), undefined, document, { declaration: "urn:gate" });
      await asOwner(
        "gate",
        "gated",
        "create table seen (who text); create function spy() returns event_trigger language plpgsql as 'begin insert into public.seen values (current_user); end'",
      );
      const inside = await postgres.server.connect({
        ...(postgres.server.target as { user: string; password: string }),
        database: "gated",
      });
      await inside.query("create event trigger spying on login execute function public.spy()");
      const next = { ...document, databases: { gated: { owner: "gate", schemas: [{ name: "more" }] } } };
      await expect(applyAccess(as(admin), document, next, { declaration: "urn:gate" })).rejects.toThrow(
        /databases.gated: an event trigger runs (at each login|a function of somebody else)/,
      );
      expect((await inside.query("select * from seen")).rows).toEqual([]);
      await inside.end();
      await postgres.root.query("drop database gated");
      await applyAccess(as(admin), document, {}, { declaration: "urn:gate" });
    }
  });

  it("a baseline never runs as the admin", async () => {
    for (const owner of [undefined, "postgres"]) {
      const next = { name: "nobodys", owner, baselineSql: "select 1" };
      await expect(applyDatabase(postgres.server.target, { next })).rejects.toThrow(
        /must be neither the admin user nor a superuser/,
      );
    }
    expect((await postgres.root.query("select from pg_database where datname = 'nobodys'")).rows).toEqual([]);
  });

  it("a role that may write every table cannot write the ownership record: the record is refused", async () => {
    await applyRole(postgres.server.target, { next: { name: "before" } });
    await postgres.root.query("create role loader login password 'loader pw'; grant pg_write_all_data to loader");
    await expect(applyRole(postgres.server.target, { next: { name: "after" } })).rejects.toThrow(
      /loader may write every table .* and connect to this database/,
    );
    await postgres.root.query("revoke connect on database postgres from public");
    await applyRole(postgres.server.target, { next: { name: "after" } });
    await postgres.root.query("grant connect on database postgres to public; drop role loader");
    for (const name of ["before", "after"]) await dropRole(postgres.server.target, name);
  });

  it.each(["superuser", "hosted"])(
    "a leaving user that keeps a session open is removed, for a %s admin",
    async (admin) => {
      const document: AccessDocument = {
        users: { host: { password: "host pw" }, guest: { password: "guest pw" } },
        databases: { house: { owner: "host", onDelete: "drop" } },
        grants: {
          connect: { role: "guest", on: "database", database: "house", privileges: ["CONNECT", "TEMPORARY"] },
          usage: { role: "guest", on: "schema", database: "house", schema: "public", privileges: ["USAGE"] },
        },
      };
      await applyAccess(as(admin), undefined, document, { declaration: "urn:house" });
      const guest = await postgres.server.connect({ user: "guest", password: "guest pw", database: "house" });
      await guest.query("create temp table mine (id int)");
      const busy = (async () => {
        for (;;) await guest.query("select lo_create(0)");
      })().catch((error: Error) => error.message);
      const { grants: _grants, ...rest } = document;
      await applyAccess(as(admin), document, { ...rest, users: { host: {} } }, { declaration: "urn:house" });
      expect(await busy).toMatch(/terminat/i);
      expect(await attributes("guest")).toEqual([]);
      await applyAccess(as(admin), { ...rest, users: { host: {} } }, {}, { declaration: "urn:house" });
    },
  );

  it("a database that another role creates after ours was refused belongs to no declaration", async () => {
    const next = { name: "contested", encoding: "LATIN1", locale: "en_US.UTF-8", onDelete: "drop" as const };
    await expect(applyDatabase(as("hosted"), { next })).rejects.toThrow();
    await postgres.root.query("create role rival login createdb password 'rival pw'");
    await asOwner("rival", "postgres", "create database contested");
    await expect(applyDatabase(as("hosted"), { next: { name: "contested" } })).rejects.toThrow(/exists already/);
    await dropDatabase(as("hosted"), "contested", { onDelete: "drop" });
    expect((await postgres.root.query("select from pg_database where datname = 'contested'")).rows).toHaveLength(1);
    await postgres.root.query("drop database contested");
    await postgres.root.query("drop role rival");
  });
});
