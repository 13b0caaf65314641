import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { connectionUri } from "../support/connection-uri";
import { failureOf, withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { TESTED_MAJOR } from "../support/tested-major";

/** What a failed login reveals to the client, and what the logs record. */
jest.setTimeout(600_000);

const NAME = `tlogin${randomBytes(2).toString("hex")}`;
const program = (logging: string): string => `
  import { PgDatabase, PgUser, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 2, tuning: "tiny", deletionProtection: false, ${logging}
  });
  const app = new PgUser("app", { target: cluster, username: "app" });
  const direct = new PgUser("direct", { target: cluster, username: "direct", pooled: false });
  const expired = new PgUser("expired", { target: cluster, username: "expired", expireAt: "2001-01-01" });
  new PgDatabase("shop", { target: cluster, owner: app.username });
  export const passwords = { app: app.password, direct: direct.password, expired: expired.password };
  export const caCertificate = cluster.caCertificate;
  export const services = cluster.services;
`;

interface Outputs {
  passwords: Record<string, string>;
  caCertificate: string;
  services: { name: string; host: string; port: number }[];
}

let project: PulumiProject;
let cluster: DockerCluster;
let outputs: Outputs;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program("") });
  await project.up();
  outputs = await project.outputs<Outputs>();
});
afterAll(() => project?.remove());

const uriOf = (service: string, user: string, password: string, database = "shop"): string => {
  const { host, port } = outputs.services.find(({ name }) => name === service)!;
  return connectionUri({ host, port, user, password, database });
};
const login = (service: string, user: string, password: string, database?: string, application = "knocking") =>
  withClient(uriOf(service, user, password, database), outputs.caCertificate, (client) => client.query("select 1"), {
    application_name: application,
  });

test("a pooler answers alike whether a user is not there, may not come, has expired or has another password", async () => {
  const knocks = [
    ["app", "wrong"],
    ["nobody-of-this-name", "wrong"],
    ["direct", outputs.passwords.direct],
    ["expired", outputs.passwords.expired],
    ["postgres", "wrong"],
    ["pgharbor_admin", "wrong"],
  ] as const;
  for (const service of ["primary", "replica"]) {
    for (const [user, password] of knocks) {
      expect([user, await failureOf(login(service, user, password))]).toEqual([user, "SASL authentication failed"]);
      expect([user, await failureOf(login(service, user, password, "no-such-db"))]).toEqual([
        user,
        "SASL authentication failed",
      ]);
    }
  }
  await login("primary", "app", outputs.passwords.app);
});

test("many names that nobody has make PgBouncer remember few", async () => {
  for (let i = 0; i < 300; i++) await failureOf(login("primary", `nobody-${i}`, "x"));
  const users = await cluster.exec(
    `${NAME}-pooler-1-primary`,
    "sh",
    "-c",
    'PGPASSWORD=$(cat /etc/pgharbor/current/admin.password) python3 -c \'import psycopg2,os; c=psycopg2.connect(host="/run/pgharbor/pgbouncer",port=6432,dbname="pgbouncer",user="pgharbor_console"); c.autocommit=True; k=c.cursor(); k.execute("SHOW USERS"); print("\\n".join(r[0] for r in k.fetchall()))\'',
  );
  expect(users).not.toContain("nobody-");
  expect(users.split("\n").filter((name) => name.startsWith("pgharbor_nobody_")).length).toBeLessThanOrEqual(256);
});

/** Returns the cipher of a handshake, or nothing if the handshake failed. */
function handshake(service: string, ...options: string[]): Promise<string> {
  const { host, port } = outputs.services.find(({ name }) => name === service)!;
  const child = spawn("openssl", ["s_client", "-starttls", "postgres", "-connect", `${host}:${port}`, ...options]);
  child.stdin.end();
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  return new Promise((resolve) =>
    child.on("close", () => {
      const [, version = "", cipher = ""] = /New, (\S+), Cipher is (\S+)/.exec(out) ?? [];
      resolve(cipher === "(NONE)" ? "" : `${version} ${cipher}`);
    }),
  );
}

test.each(["primary", "default"])("%s speaks TLS 1.3, and 1.2 without CBC, and nothing older", async (service) => {
  expect(await handshake(service)).toMatch(/^TLSv1.3 /);
  const only12 = ["-tls1_2", "-cipher"];
  expect(await handshake(service, ...only12, "ECDHE+AESGCM")).toMatch(/^TLSv1.2 ECDHE-.*-GCM-/);
  expect(await handshake(service, ...only12, "ECDHE+CHACHA20")).toMatch(/CHACHA20/);
  expect(await handshake(service, ...only12, "ALL:!AESGCM:!CHACHA20:@SECLEVEL=0")).toBe("");
  expect(await handshake(service, ...only12, "kRSA:@SECLEVEL=0")).toBe("");
  expect(await handshake(service, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")).toBe("");
});

const logOf = (container: string): Promise<string> => cluster.log(`${NAME}-${container}`);
const memberLogs = async (): Promise<string> => (await logOf("m1")) + (await logOf("m2"));

test("logs say who came from where, left, and copied the database, and no secret", async () => {
  const host = (await cluster.docker.getNetwork(NAME).inspect()).IPAM!.Config![0].Gateway!;
  await login("primary", "app", outputs.passwords.app, "shop", "reviewed-pooled");
  await login("default", "app", outputs.passwords.app, "shop", "reviewed-direct");
  await failureOf(login("default", "app", "hunter2-wrong", "shop"));
  await eventually(async () => {
    const pooler = await logOf("pooler-1-primary");
    expect(pooler).toMatch(new RegExp(`shop/app@${host}:\\d+ login attempt: db=shop user=app tls=TLSv1.3`));
    expect(pooler).toMatch(new RegExp(`shop/app@${host}:\\d+ closing because: client close request`));
    const haproxy = await logOf("haproxy-1");
    const [, port] =
      new RegExp(`connection service=default client=${host}:\\d+ member=m\\d server=\\S+:(\\d+)`).exec(haproxy) ?? [];
    const members = await memberLogs();
    expect(members).toContain(`port=${port}`);
    expect(members).toMatch(
      /reviewed-direct app@shop LOG: {2}connection authorized|connection authorized: user=app database=shop application_name=reviewed-direct/,
    );
    expect(members).toMatch(/reviewed-direct app@shop LOG: {2}disconnection: session time/);
    expect(members).toMatch(/received replication command: (BASE_BACKUP|START_REPLICATION)/);
    expect(members).toMatch(/password authentication failed for user "app"/);
  });
  const all = await cluster.logs();
  for (const secret of [...Object.values(outputs.passwords), "hunter2-wrong", "SCRAM-SHA-256$"])
    expect(all).not.toContain(secret);
});

test("a pool may name the client's address to PostgreSQL; and all of it can be turned off, with a reload", async () => {
  const before = await cluster.lives();
  await project.write(
    program(
      "logging: { connections: false, disconnections: false, replicationCommands: false, clientInApplicationName: true },",
    ),
  );
  await project.up();
  expect(await cluster.lives()).toEqual(before);
  const [name] = await withClient(
    uriOf("primary", "app", outputs.passwords.app),
    outputs.caCertificate,
    async (client) => (await client.query<{ name: string }>("select current_setting('application_name') as name")).rows,
    { application_name: "named" },
  );
  expect(name.name).toMatch(/^named - \d+\.\d+\.\d+\.\d+:\d+$/);
  await login("default", "app", outputs.passwords.app, "shop", "unlogged");
  await login("primary", "app", outputs.passwords.app, "shop", "unlogged");
  expect(await memberLogs()).not.toContain("unlogged");
  await project.expectNoChanges();
});
