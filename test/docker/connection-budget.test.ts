import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { connectionUri } from "../support/connection-uri";
import { clientOf, withClient } from "../support/connect";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { TESTED_MAJOR } from "../support/tested-major";

/** Clients take every connection that they can get. The cluster's own connections and monitoring still get theirs. */
jest.setTimeout(900_000);

const NAME = `tslots${randomBytes(2).toString("hex")}`;
const HAS_RESERVED = Number(TESTED_MAJOR) >= 16;
const program = (more = "") => `
  import { PgDatabase, PgService, PgUser, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", { docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 1, tuning: "tiny", deletionProtection: false });
  const watch = new PgService("watch", { cluster, port: 5450, destination: "postgres", checkPath: "/primary", haproxy: { maxconn: 2 } });
  const app = new PgUser("app", { target: cluster, username: "app" });
  const watcher = new PgUser("watcher", { target: cluster, username: "watcher", roles: ["pg_monitor"${HAS_RESERVED ? ', "pg_use_reserved_connections"' : ""}].map((name) => ({ name })) });
  new PgDatabase("shop", { target: cluster, owner: app.username, revokeConnect: false });
  new PgDatabase("crm", { target: cluster, owner: app.username });
  ${more}
  export const passwords = { app: app.password, watcher: watcher.password };
  export const caCertificate = cluster.caCertificate;
  export const services = cluster.services;
  export const watched = watch.endpoint;
`;
interface Outputs {
  passwords: { app: string; watcher: string };
  caCertificate: string;
  services: { name: string; host: string; port: number }[];
  watched: { host: string; port: number };
}

let project: PulumiProject;
let outputs: Outputs;
const open: Client[] = [];
beforeAll(async () => {
  project = await pulumiProject({ program: program() });
  await project.up();
  outputs = await project.outputs<Outputs>();
});
afterAll(async () => {
  await Promise.all(open.map((client) => client.end().catch(() => undefined)));
  await project?.remove();
});

function clientAt(service: string, user: keyof Outputs["passwords"], database: string): Client {
  const { host, port } = service === "watch" ? outputs.watched : outputs.services.find(({ name }) => name === service)!;
  const uri = connectionUri({ host, port, user, password: outputs.passwords[user], database });
  const client = clientOf(uri, outputs.caCertificate, { connectionTimeoutMillis: 60_000 });
  client.on("error", () => undefined);
  open.push(client);
  return client;
}

const outcomes = async (attempts: Promise<unknown>[]): Promise<{ served: number; refused: string[] }> => {
  const all = await Promise.allSettled(attempts);
  const refused = all.flatMap((one) => (one.status === "rejected" ? [(one.reason as Error).message] : []));
  return { served: all.length - refused.length, refused: [...new Set(refused)] };
};

interface Sessions {
  clients: number;
  most: number;
  app: number;
}
const watch = async (): Promise<Sessions> => {
  const client = clientAt("watch", "watcher", "shop");
  await client.connect();
  const { rows } = await client.query<Sessions>(
    `select count(*)::int as clients, current_setting('max_connections')::int as most, count(*) filter (where usename = 'app')::int as app
    from pg_stat_activity where backend_type = 'client backend'`,
  );
  await client.end();
  return rows[0];
};

test("the server enforces reserved connections where the version supports it", async () => {
  const client = clientAt("watch", "watcher", "shop");
  await client.connect();
  const { rows } = await client.query<{ setting: string }>(
    "select setting from pg_settings where name = 'reserved_connections'",
  );
  await client.end();
  expect(rows).toEqual(HAS_RESERVED ? [{ setting: "10" }] : []);
});

test("500 clients of a direct service take its share; the others are refused after a short wait", async () => {
  const started = Date.now();
  const { served, refused } = await outcomes(
    Array.from({ length: 500 }, () => clientAt("default", "app", "shop").connect()),
  );
  process.stderr.write(`direct: ${served} served, ${refused.join(" | ")}, ${Date.now() - started} ms\n`);
  const { app } = await watch();
  expect(served).toBe(app);
  expect(served).toBeGreaterThan(10);
  expect(served).toBeLessThan(30);
  expect(refused).toEqual(["Connection terminated unexpectedly"]);
});

test("poolers of two databases take the share of one together", async () => {
  const { app: before } = await watch();
  const asleep = ["shop", "crm"].flatMap((database) =>
    Array.from({ length: 60 }, async () => {
      const client = clientAt("primary", "app", database);
      await client.connect();
      await client.query("select pg_sleep(20)");
    }),
  );
  const ended = outcomes(asleep);
  let most = 0;
  let total = 0;
  for (let over = false; !over;) {
    const { app, clients } = await watch();
    most = Math.max(most, app - before);
    total = Math.max(total, clients);
    over = await Promise.race([
      ended.then(() => true),
      new Promise<false>((done) => setTimeout(() => done(false), 500)),
    ]);
  }
  const { served, refused } = await ended;
  process.stderr.write(
    `pooled: ${most} of the server's at once, ${total} in all, ${served} served, ${refused.join(" | ")}\n`,
  );
  expect(most).toBeGreaterThan(20);
  expect(most).toBeLessThan(45);
  expect(total).toBeLessThanOrEqual(100 - 3 - 10);
});

test("`up` creates a database while both are full, and monitoring can connect", async () => {
  const full = ["shop", "crm"].flatMap((database) =>
    Array.from({ length: 60 }, async () => {
      const client = clientAt("primary", "app", database);
      await client.connect();
      await client.query("select pg_sleep(600)");
    }),
  );
  const ended = outcomes(full);
  await project.write(program(`new PgDatabase("more", { target: cluster, owner: app.username });`));
  const started = Date.now();
  const { summary } = await project.up();
  process.stderr.write(`up: ${Date.now() - started} ms, ${JSON.stringify(await watch())}\n`);
  expect(summary.created).toBe(2);
  expect(summary.updated).toBeUndefined();
  expect((await watch()).app).toBeGreaterThan(40);
  await Promise.all(open.splice(0).map((client) => client.end().catch(() => undefined)));
  await ended;
  await project.expectNoChanges();
});

test("a closed connection is available at once", async () => {
  const { host, port } = outputs.services.find(({ name }) => name === "default")!;
  const uri = connectionUri({ host, port, user: "app", password: outputs.passwords.app, database: "more" });
  const name = await withClient(uri, outputs.caCertificate, async (client) =>
    String((await client.query<{ name: string }>("select current_database() as name")).rows[0].name),
  );
  expect(name).toBe("more");
});
