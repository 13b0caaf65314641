import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { checkDatabaseOnCluster, checkUserOnCluster, systemUsers, type UserSpec } from "@pgharbor/core";
import { applyAccess, type AccessDocument, type SqlTarget } from "@pgharbor/sql";
import { adminParameters, predefinedRoles, superuserRoles } from "../../packages/core/src/model/admin-rights";
import { renderPostInitSql } from "../../packages/core/src/render/postgres/post-init-sql";
import { eventually } from "../support/eventually";
import { deferred } from "../support/planned-by-hand";
import { startPostgres, type PostgresContainer } from "../support/postgres-container";

jest.setTimeout(300_000);

/** The real server grants a cluster's admin what the rules allow, and refuses what the rules refuse. */
describe.each([17, 15])("the admin of a cluster of PostgreSQL %d", (major) => {
  let postgres: PostgresContainer;
  let admin: Client;
  let target: SqlTarget;

  beforeAll(async () => {
    postgres = await startPostgres({
      major: String(major),
      settings: ["shared_preload_libraries = pg_stat_statements"],
    });
    // Connects as the superuser through the socket, as Patroni's post_init does.
    await postgres.exec(
      "sh",
      "-c",
      'echo "$0" | base64 -d | psql -X -q -A -t -1 -v ON_ERROR_STOP=1 -h /run/postgresql -U postgres',
      Buffer.from(renderPostInitSql(deferred)).toString("base64"),
    );
    const login = { user: systemUsers.admin, password: deferred.passwords.admin };
    admin = await postgres.connect(login);
    target = { ...postgres.target, ...login };
    await admin.query("create role probe");
  });
  afterAll(async () => {
    await admin?.end();
    await postgres?.remove();
  });

  const refuses = (spec: Partial<UserSpec>): boolean =>
    checkUserOnCluster({ username: "x", ...spec }, major).length > 0;
  const apply = (next: AccessDocument) => applyAccess(target, undefined, next);

  test("gives PostgreSQL's own roles, with admin option too, and takes them back", async () => {
    const roles = Object.keys(predefinedRoles).filter((role) => !refuses({ roles: [{ name: role }] }));
    expect(roles.length).toBe(major === 17 ? 11 : 8);
    const document = (names: string[]): AccessDocument => ({
      users: { watcher: { memberships: names.map((role) => ({ role })) } },
    });
    await apply(document(roles));
    const { rows } = await admin.query<{ role: string }>(
      "select roleid::regrole::text as role from pg_auth_members where member = 'watcher'::regrole order by 1",
    );
    expect(rows.map(({ role }) => role)).toEqual(roles.sort());
    expect((await applyAccess(target, document(roles), document(roles))).executed).toEqual([]);
    await applyAccess(target, document(roles), document([]));
    expect((await admin.query("select from pg_auth_members where member = 'watcher'::regrole")).rowCount).toBe(0);
    await apply({ users: { chief: { memberships: [{ role: "pg_read_all_data", admin: true }] } } });
  });

  test("has no rights by the roles that it only hands out", async () => {
    const reads = (what: string) =>
      admin.query<{ has: boolean }>("select pg_catalog.pg_has_role(current_user, 'pg_read_all_data', $1) as has", [
        what,
      ]);
    expect((await reads("USAGE")).rows).toEqual([{ has: false }]);
    await expect(admin.query("select rolpassword from pg_authid")).rejects.toThrow("permission denied");
    if (major >= 16) await expect(admin.query("set role pg_read_all_data")).rejects.toThrow("permission denied");
  });

  test("cannot do what the rules refuse", async () => {
    const run = (sql: string) =>
      admin.query(sql).then(
        () => "works",
        (error: Error) => error.message,
      );
    expect(refuses({ superuser: true })).toBe(true);
    expect(await run("create role s superuser")).toMatch(/permission denied|must be superuser/);
    for (const role of [...superuserRoles, "pg_database_owner"])
      expect(refuses({ roles: [{ name: role }] })).toBe(true);
    for (const field of ["replication", "bypassrls"] as const) {
      const message = await run(`create role ${field}_probe ${field}`);
      expect(message === "works").toBe(!refuses({ [field]: true }));
    }
    if (major >= 16)
      for (const role of superuserRoles) expect(await run(`grant ${role} to probe`)).toMatch("permission denied");
    expect(await run("grant pg_database_owner to probe")).toMatch("cannot have explicit members");
  });

  test("sets just those parameters for users that the rules let pass", async () => {
    const { rows } = await admin.query<{ name: string; setting: string }>(
      "select lower(name) as name, setting from pg_settings union select unnest(array['my.own', 'auto_explain.log_analyze', 'no_such_parameter']), 'on'",
    );
    expect(rows.length).toBeGreaterThan(300);
    const wrong: string[] = [];
    for (const { name, setting } of rows) {
      const code = await admin.query(`alter role probe set ${name} to '${setting.replaceAll("'", "''")}'`).then(
        () => "",
        (error: { code: string }) => error.code,
      );
      // Insufficient privilege, cannot be changed now, and unknown parameter. A rejected value is a different error.
      const isRefused = ["42501", "55P02", "42704"].includes(code);
      if (isRefused !== refuses({ parameters: { [name]: "x" } })) wrong.push(`${name}: ${code || "works"}`);
    }
    expect(wrong).toEqual([]);
    for (const name of adminParameters) expect(refuses({ parameters: { [name]: "x" } })).toBe(false);
  });

  test("installs just those extensions that the rules let pass", async () => {
    const { rows } = await admin.query<{ name: string; needs: boolean }>(
      "select name, bool_and(superuser and not trusted) as needs from pg_available_extension_versions group by 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(["citext", "postgres_fdw"]));
    const refused = (name: string) =>
      checkDatabaseOnCluster({ name: "shop", extensions: [{ name }] }, major).length > 0;
    expect(rows.filter(({ name, needs }) => refused(name) !== needs)).toEqual([]);
  });

  test("shows neither a verifier nor a baseline to those who watch the sessions", async () => {
    await admin.query("create role watching login password 'watching pw'; grant pg_monitor to watching");
    await admin.query("create database watchers");
    const watcher = await postgres.connect({ user: "watching", password: "watching pw", database: "watchers" });
    /** Returns the queries that the watcher sees once sessions wait as the query `waiting` says. */
    const seen = async (waiting: string): Promise<string> => {
      let text = "";
      await eventually(async () => {
        const { rows } = await watcher.query<{ query: string }>(
          `select a.query from pg_stat_activity a where a.pid <> pg_backend_pid() and exists (${waiting})`,
        );
        expect(rows.length).toBeGreaterThan(0);
        text = rows.map(({ query }) => query).join("\n");
      });
      return text;
    };
    const holder = await postgres.connect();
    await apply({ users: { watched: {} } });
    await holder.query("begin; alter role watched connection limit 3");
    const changed = apply({ users: { watched: { password: "watched pw", adopt: true } } });
    const locked = "select from pg_locks l where l.pid = a.pid and not l.granted";
    expect(await seen(locked)).not.toMatch(/SCRAM|watched/);
    await holder.query("rollback");
    await changed;
    // The same for a statement without a verifier: the watcher sees it, so this test would see a verifier, too.
    await holder.query("begin; alter role watched connection limit 3");
    const plain = apply({ users: { watched: { connlimit: 4, adopt: true } } });
    expect(await seen(locked)).toMatch(/ALTER ROLE "watched"/);
    await holder.query("rollback");
    await plain;
    // The sessions are polled until the change ends, from before the baseline's login exists.
    const baselineSql = "select pg_catalog.pg_sleep(3), 'of-the-baseline'";
    let running = true;
    const making = apply({ users: { owning: {} }, databases: { based: { owner: "owning", baselineSql } } });
    void making.finally(() => (running = false)).catch(() => undefined);
    const queries: string[] = [];
    while (running) {
      const { rows } = await watcher.query<{ query: string }>(
        "select query from pg_stat_activity where usename like 'pgharbor_baseline_%'",
      );
      queries.push(...rows.map(({ query }) => query));
      await sleep(50);
    }
    await making;
    expect(queries.length).toBeGreaterThan(5);
    expect(queries.join("\n")).not.toMatch(/of-the-baseline/);
    await Promise.all([holder.end(), watcher.end()]);
  });

  test("grants the parameters that it has", async () => {
    await apply({
      users: { tuner: {} },
      grants: { tuning: { role: "tuner", on: "parameter", name: "log_statement", privileges: ["SET"] } },
    });
    const { rows } = await admin.query("select has_parameter_privilege('tuner', 'log_statement', 'SET') as has");
    expect(rows).toEqual([{ has: true }]);
  });
});
