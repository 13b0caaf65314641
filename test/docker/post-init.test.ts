import { systemUsers } from "@pgharbor/core";
import { renderPostInitSql, UNPOOLED_ROLE } from "../../packages/core/src/render/postgres/post-init-sql";
import { applyRole, dropRole, readRole } from "../../packages/sql/src";
import { deferred } from "../support/planned-by-hand";
import { startPostgres, type PostgresContainer } from "../support/postgres-container";

jest.setTimeout(300_000);

let postgres: PostgresContainer;

/** Connects as the superuser through the socket, as Patroni's post_init does. */
const psql = (sql: string): Promise<string> =>
  postgres.exec(
    "sh",
    "-c",
    'echo "$0" | base64 -d | psql -X -q -A -t -1 -v ON_ERROR_STOP=1 -h /run/postgresql -U postgres',
    Buffer.from(sql).toString("base64"),
  );
const as = (user: "admin" | "poolerAuth" | "check") =>
  postgres.connect({ user: systemUsers[user], password: deferred.passwords[user] });

beforeAll(async () => {
  // A server with the most verbose logging.
  const settings = [
    "log_statement = all",
    "log_min_duration_statement = 0",
    "shared_preload_libraries = pg_stat_statements",
  ];
  postgres = await startPostgres({ settings });
  await psql(renderPostInitSql(deferred));
});
afterAll(() => postgres?.remove());

test("the verifiers let their users in, and nobody else's database", async () => {
  for (const user of ["admin", "poolerAuth", "check"] as const) await (await as(user)).end();
  await psql("CREATE ROLE stranger LOGIN PASSWORD 'pw'");
  await expect(postgres.connect({ user: "stranger", password: "pw" })).rejects.toThrow(
    "permission denied for database",
  );
});

test("the pooler finds ordinary users, and none that it must refuse", async () => {
  await psql(`
    CREATE ROLE plain LOGIN PASSWORD 'pw'; CREATE ROLE boss LOGIN SUPERUSER PASSWORD 'pw'; CREATE ROLE walker LOGIN REPLICATION PASSWORD 'pw';
    CREATE ROLE sleeper NOLOGIN PASSWORD 'pw'; CREATE ROLE expired LOGIN PASSWORD 'pw' VALID UNTIL '2001-01-01';
    CREATE ROLE bare LOGIN; CREATE ROLE direct LOGIN PASSWORD 'pw'; GRANT ${UNPOOLED_ROLE} TO direct;`);
  const pooler = await as("poolerAuth");
  const found = async (name: string) =>
    (await pooler.query<{ username: string; verifier: string }>("SELECT * FROM pgharbor.pooler_lookup($1)", [name]))
      .rows;
  const verifier = expect.stringMatching(/^SCRAM-SHA-256\$4096:[\w+/]{22}==\$[\w+/]{43}=:[\w+/]{43}=$/);
  expect(await found("plain")).toEqual([{ username: "plain", verifier }]);
  const strangers = [
    "expired",
    "boss",
    "walker",
    "sleeper",
    "direct",
    "bare",
    "postgres",
    systemUsers.admin,
    "nobody",
    "",
  ];
  for (const name of strangers) {
    const first = await found(name);
    expect(first).toEqual([{ username: expect.stringMatching(/^pgharbor_nobody_\d+$/), verifier }]);
    // A salt that changes with each lookup would also reveal that the role does not exist.
    expect(await found(name)).toEqual(first);
  }
  const { rows } = await pooler.query<{ count: string }>(
    "SELECT count(DISTINCT l.username) FROM generate_series(1, 5000) AS n, pgharbor.pooler_lookup('nobody' || n) AS l",
  );
  expect(Number(rows[0].count)).toBeLessThanOrEqual(256);
  await expect(pooler.query("SELECT * FROM pgharbor.role_verifiers()")).rejects.toThrow("permission denied");
  await pooler.end();
});

test("no other role can read verifiers, including the user for checks", async () => {
  const check = await as("check");
  await expect(check.query("SELECT * FROM pgharbor.pooler_lookup('plain')")).rejects.toThrow("permission denied");
  await check.end();
});

test("the admin makes users and databases, reads verifiers, is no superuser, and leaves none in the log", async () => {
  const admin = await as("admin");
  await admin
    .query("CREATE ROLE app LOGIN REPLICATION BYPASSRLS PASSWORD 'SCRAM-SHA-256$4096:c2VjcmV0$AAAA:BBBB-of-app'")
    .catch(() => undefined);
  await admin.query("CREATE ROLE app2 LOGIN PASSWORD 'unmistakable'");
  await admin.query("CREATE DATABASE appdb");
  await expect(admin.query("CREATE ROLE x PASSWORD 'also-unmistakable' SUPERUSER")).rejects.toThrow(
    "permission denied",
  );
  const { rows } = await admin.query<{ rolname: string }>("SELECT rolname FROM pgharbor.role_verifiers() ORDER BY 1");
  expect(rows.map((row) => row.rolname)).toEqual(expect.arrayContaining(["app2"]));
  expect(rows.map((row) => row.rolname).join()).not.toMatch(/postgres|pgharbor_admin/);
  await admin.end();
  const seen =
    (await postgres.logs()) + (await psql("CREATE EXTENSION pg_stat_statements; SELECT query FROM pg_stat_statements"));
  expect(seen).toContain("pooler_lookup"); // Other users' statements are logged, so the log works
  expect(seen).not.toMatch(/unmistakable|BBBB-of-app/);
  for (const user of [systemUsers.admin, systemUsers.poolerAuth]) expect(seen).not.toContain(`CREATE ROLE ${user}`);
});

test("the admin, who reads no catalog of passwords, sees a password that its owner changed, and puts it right", async () => {
  const target = { ...postgres.target, user: systemUsers.admin, password: deferred.passwords.admin };
  const role = { name: "drifting", password: "declared-password" };
  await applyRole(target, { next: role });
  expect((await readRole(target, role))?.password).toBe("matches");
  const owner = await postgres.connect({ user: role.name, password: role.password }).catch(() => undefined);
  expect(owner).toBeUndefined(); // this role may not connect to the database postgres
  await psql("ALTER ROLE drifting PASSWORD 'its-own-password'");
  expect((await readRole(target, role))?.password).toBe("differs");
  expect((await applyRole(target, { previous: role, next: role })).executed).toEqual([
    `ALTER ROLE "drifting" PASSWORD '***'`,
  ]);
  expect((await readRole(target, role))?.password).toBe("matches");
  await dropRole(target, role.name);
  expect(await psql("SELECT count(*) FROM pg_roles WHERE rolname = 'drifting'")).toContain("0");
});

test("only the admin can use the ownership record", async () => {
  await psql("CREATE ROLE curious LOGIN PASSWORD 'curious pw'; GRANT CONNECT ON DATABASE postgres TO curious");
  const curious = await postgres.connect({ user: "curious", password: "curious pw" });
  for (const sql of [
    "SELECT * FROM pgharbor.ownership",
    "DELETE FROM pgharbor.ownership",
    "CREATE TABLE pgharbor.x ()",
  ])
    await expect(curious.query(sql)).rejects.toThrow("permission denied for schema pgharbor");
  await curious.end();
});
