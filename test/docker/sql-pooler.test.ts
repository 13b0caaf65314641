import { Client } from "pg";
import { applyRole, ExplainedError, type SqlTarget } from "../../packages/sql/src";
import { eventually } from "../support/eventually";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";
import { ProgramContainer } from "../support/program-container";
import { testCertificates } from "../support/test-certificates";

jest.setTimeout(300_000);

let server: PostgresContainer;
let pooler: ProgramContainer;
let target: SqlTarget;
const [UID, GID] = [103, 105];

/** A PgBouncer with transaction pooling. `accepts`: unknown startup parameters that it ignores. */
const ini = (address: string, password: string, accepts: string): string => `
[databases]
* = host=${address} user=postgres password=${password} pool_size=1
[pgbouncer]
listen_addr = *
listen_port = 6432
pool_mode = transaction
logfile = /tmp/pgbouncer.log
pidfile = /tmp/pgbouncer.pid
auth_type = any
client_tls_sslmode = require
client_tls_cert_file = tls.crt
client_tls_key_file = tls.key
server_tls_sslmode = require
ignore_startup_parameters = ${accepts}
`;

beforeAll(async () => {
  server = await startPostgres();
  pooler = await ProgramContainer.of("gateway");
});
afterAll(async () => {
  await pooler?.remove();
  await server?.remove();
});

async function pool(accepts: string): Promise<void> {
  const host = await pooler.address();
  const { ca, cert, key } = await testCertificates("pooler.example", [host]);
  const files = {
    "pgbouncer.ini": ini(await server.address(), server.target.password, accepts),
    "tls.crt": cert,
    "tls.key": key,
  };
  const folder = await pooler.put(`r-${accepts}`, { files, uid: UID, gid: GID });
  await pooler.exec("sh", "-c", "pkill -x pgbouncer; while pgrep -x pgbouncer; do sleep 0.1; done");
  const started = await pooler.exec("sh", "-c", `cd ${folder} && pgbouncer -q -d pgbouncer.ini`);
  expect(started).toMatchObject({ code: 0 });
  target = { ...server.target, host, port: 6432, tls: { ca, serverName: "pooler.example" }, readyTimeoutMs: 20_000 };
  await eventually(async () => (await asClient()).end());
}

/** Connects as another client of the pool. */
async function asClient(): Promise<Client> {
  const client = new Client({
    host: target.host,
    port: target.port,
    user: "postgres",
    password: "any",
    database: "postgres",
    ssl: { rejectUnauthorized: false },
  });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

test.each([
  ["refuses settings at the start", "extra_float_digits"],
  ["takes them and forgets them", "extra_float_digits,options"],
])(
  "a server behind a pooler that %s is refused, and other clients keep none of our session state",
  async (_what, accepts) => {
    await pool(accepts);
    const refused = await applyRole(target, { next: { name: "never" } }).catch((e: unknown) => e as Error);
    expect(refused).toBeInstanceOf(ExplainedError);
    expect((refused as ExplainedError).message).toContain("a connection pooler is between here and the server");
    const client = await asClient();
    const { rows } = await client.query(
      `select current_setting('search_path') as path, (select count(*)::int from pg_locks where locktype = 'advisory') as locks,
      (select count(*)::int from pg_roles where rolname = 'never') as roles`,
    );
    await client.end();
    expect(rows).toEqual([{ path: '"$user", public', locks: 0, roles: 0 }]);
  },
);
