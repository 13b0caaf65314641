import { randomBytes } from "node:crypto";
import type { Client, ClientConfig, Notification } from "pg";
import { connectionUri } from "../support/connection-uri";
import { clientOf, failureOf } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { TESTED_MAJOR } from "../support/tested-major";

/**
 * Verifies every statement of docs/pooling.md on the real pooler. The pool has one server connection, so that clients
 * reuse it in turn.
 */
jest.setTimeout(600_000);

const NAME = `tpool${randomBytes(2).toString("hex")}`;
const program = `
  import { PgDatabase, PgUser, PostgresCluster } from "pgharbor";
  const one = { size: 1, reserveSize: 0 };
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 1, tuning: "tiny", deletionProtection: false,
    pool: one,
    services: [
      { name: "lenient", port: 5441, checkPath: "/primary", pool: { maxDbConnections: 5, ignoreStartupParameters: ["search_path", "options"] } },
      { name: "clean", port: 5442, checkPath: "/primary", pool: { maxDbConnections: 5, resetAfterTransaction: true } },
      { name: "sessions", port: 5443, checkPath: "/primary", pool: { maxDbConnections: 5, mode: "session", size: 2 } },
    ],
  });
  const app = new PgUser("app", { target: cluster, username: "app" });
  const placed = new PgUser("placed", { target: cluster, username: "placed", parameters: { search_path: "other" } });
  new PgDatabase("shop", { target: cluster, owner: app.username, schemas: [{ name: "other" }] });
  export const passwords = { app: app.password, placed: placed.password };
  export const caCertificate = cluster.caCertificate;
  export const services = cluster.services;
`;

interface Outputs {
  passwords: Record<string, string>;
  caCertificate: string;
  services: { name: string; host: string; port: number }[];
}

let project: PulumiProject;
let outputs: Outputs;
const open: Client[] = [];

beforeAll(async () => {
  project = await pulumiProject({ program });
  await project.up();
  outputs = await project.outputs<Outputs>();
  const direct = await connect("default");
  await direct.query(
    "create table t as select 'public' as x; create table other.t as select 'other' as x; grant usage on schema other to placed; grant select on t, other.t to placed; grant connect on database shop to placed",
  );
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.end().catch(() => undefined);
});
afterAll(() => project?.remove());

async function connect(service: string, more: ClientConfig = {}, user = "app"): Promise<Client> {
  const { host, port } = outputs.services.find(({ name }) => name === service)!;
  const uri = connectionUri({ host, port, user, password: outputs.passwords[user], database: "shop" });
  const client = clientOf(uri, outputs.caCertificate, more);
  client.on("error", () => undefined);
  await client.connect();
  open.push(client);
  return client;
}

const one = async (client: Client, sql: string): Promise<string> =>
  String(Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]);

describe("in mode transaction", () => {
  test("a client's SET stays on the server connection for the next client; SET LOCAL ends with its transaction", async () => {
    const [a, b] = [await connect("primary"), await connect("primary")];
    await a.query("set statement_timeout = '77s'");
    expect(await one(b, "show statement_timeout")).toBe("77s");
    await a.query("begin; set local lock_timeout = '9s'; commit");
    expect(await one(b, "show lock_timeout")).toBe("0");
    await a.query("reset statement_timeout");
  });

  test("parameters that PostgreSQL reports are restored for each client", async () => {
    const [a, b] = [await connect("primary"), await connect("primary", { application_name: "b" })];
    for (const [name, value] of [
      ["timezone", "Asia/Tokyo"],
      ["datestyle", "German, DMY"],
      ["intervalstyle", "iso_8601"],
      ["default_transaction_read_only", "on"],
      ["application_name", "a"],
    ] as const) {
      const others = await one(b, `show ${name}`);
      await a.query(`set ${name} = ${name === "datestyle" ? value : `'${value}'`}`);
      expect(await one(b, `show ${name}`)).toBe(others);
      expect(await one(a, `show ${name}`)).toBe(value);
    }
  });

  test("a search_path sent by a client is refused; the user's own search_path applies", async () => {
    const options = "-c search_path=other";
    expect(await failureOf(connect("primary", { options }))).toBe(
      "unsupported startup parameter in options: search_path",
    );
    expect(await failureOf(connect("primary", { options: "-c statement_timeout=5s" }))).toBe(
      "unsupported startup parameter in options: statement_timeout",
    );
    expect(await failureOf(connect("primary", { statement_timeout: 5000 }))).toBe(
      "unsupported startup parameter: statement_timeout",
    );
    expect(await one(await connect("primary", {}, "placed"), "select x from t")).toBe("other");
  });

  test("an ignored startup parameter has no effect", async () => {
    expect(await one(await connect("lenient", { options: "-c search_path=other" }), "select x from t")).toBe("public");
    expect(await one(await connect("lenient", { options: "-c statement_timeout=5s" }), "show statement_timeout")).toBe(
      "0",
    );
  });

  test("parameters that drivers send by default are accepted", async () => {
    const options =
      "-c extra_float_digits=2 -c TimeZone=UTC -c DateStyle=ISO -c client_encoding=UTF8 -c IntervalStyle=postgres";
    expect(
      await one(await connect("primary", { options, application_name: "PostgreSQL JDBC Driver" }), "show timezone"),
    ).toBe("UTC");
  });

  test("LISTEN receives no notifications", async () => {
    const [a, b] = [await connect("primary"), await connect("primary")];
    const heard: Notification[] = [];
    a.on("notification", (message) => heard.push(message));
    await a.query("listen news");
    const direct = await connect("default");
    const notified = new Promise<string | undefined>((resolve) => direct.on("notification", (m) => resolve(m.payload)));
    await direct.query("listen news");
    await b.query("notify news, 'one'");
    expect(await notified).toBe("one");
    await a.query("select 1");
    expect(heard).toEqual([]);
    await b.query("unlisten *");
  });

  test("a temporary table belongs to the server connection: the next client finds it", async () => {
    const [a, b] = [await connect("primary"), await connect("primary")];
    await a.query("create temporary table scratch as select 'of a' as x");
    expect(await one(b, "select x from scratch")).toBe("of a");
    await b.query("drop table scratch");
    await a.query("begin; create temporary table scratch (x int) on commit drop; commit");
    expect(await failureOf(one(b, "select x from scratch"))).toMatch("does not exist");
  });

  test("a session's advisory lock protects nobody; a transaction's lock works", async () => {
    const [a, b] = [await connect("primary"), await connect("primary")];
    await a.query("select pg_advisory_lock(1)");
    expect(await one(b, "select pg_try_advisory_lock(1)")).toBe("true");
    await b.query("select pg_advisory_unlock_all()");
    await a.query("begin; select pg_advisory_xact_lock(2)");
    const direct = await connect("default");
    expect(await one(direct, "select pg_try_advisory_lock(2)")).toBe("false");
    await a.query("commit");
    expect(await one(direct, "select pg_try_advisory_lock(2)")).toBe("true");
  });

  test("statements prepared by drivers work; those of PREPARE belong to the server connection", async () => {
    const [a, b] = [await connect("primary"), await connect("primary")];
    const named = (client: Client, n: number) =>
      client.query<{ x: number }>({ name: "double", text: "select $1::int * 2 as x", values: [n] });
    expect((await named(a, 1)).rows[0].x).toBe(2);
    expect((await named(b, 2)).rows[0].x).toBe(4);
    expect((await named(a, 3)).rows[0].x).toBe(6);
    await a.query("prepare mine as select 'of a' as x");
    expect(await one(b, "execute mine")).toBe("of a");
    await b.query("deallocate mine");
  });

  test("a cursor WITH HOLD belongs to the server connection", async () => {
    const [a, b] = [await connect("primary"), await connect("primary")];
    await a.query("begin; declare held cursor with hold for select 'of a' as x; commit");
    expect(await one(b, "fetch held")).toBe("of a");
    await b.query("close held");
  });
});

test("with resetAfterTransaction no client finds another's session state, nor its own", async () => {
  const [a, b] = [await connect("clean"), await connect("clean")];
  await a.query("set statement_timeout = '77s'");
  expect(await one(b, "show statement_timeout")).toBe("0");
  expect(await one(a, "show statement_timeout")).toBe("0");
  const named = (client: Client) => client.query<{ x: number }>({ name: "two", text: "select 2 as x" });
  for (const client of [a, b, a]) expect((await named(client)).rows[0].x).toBe(2);
});

test("in mode session all of these work, and end with the client's session", async () => {
  const a = await connect("sessions");
  await a.query("set statement_timeout = '77s'");
  expect(await one(a, "show statement_timeout")).toBe("77s");
  await a.end();
  expect(await one(await connect("sessions"), "show statement_timeout")).toBe("0");
});

test("the cost of a reset after each transaction, and of a client's address in application_name", async () => {
  const cluster = await DockerCluster.named(NAME);
  const rate = async (service: string): Promise<number> => {
    const { port } = outputs.services.find(({ name }) => name === service)!;
    expect(port).toBeGreaterThan(0);
    const client = await connect(service);
    const start = process.hrtime.bigint();
    for (let i = 0; i < 300; i++) await client.query({ name: "n", text: "select 1" });
    return 300 / Number(process.hrtime.bigint() - start);
  };
  const rates = { primary: 0, clean: 0 };
  // The two measurements alternate, so that a slow moment of the machine affects both.
  for (let i = 0; i < 5; i++)
    for (const service of ["primary", "clean"] as const) rates[service] += await rate(service);
  process.stderr.write(
    `  reset after each transaction: ${(rates.clean / rates.primary).toFixed(2)} of the statements, ${cluster.name}\n`,
  );
  expect(rates.clean).toBeLessThan(rates.primary);
});
