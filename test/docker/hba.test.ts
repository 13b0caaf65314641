import { randomBytes } from "node:crypto";
import type Docker from "dockerode";
import { connectionUri } from "../support/connection-uri";
import { failureOf, withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { TESTED_MAJOR } from "../support/tested-major";

jest.setTimeout(600_000);

const NAME = `thba${randomBytes(2).toString("hex")}`;
/**
 * The host reaches a container from the gateway address of the network that it uses. Two networks give a client two
 * addresses.
 */
const HOME = { name: `${NAME}-home`, subnet: "10.213.7.0/24", gateway: "10.213.7.1" };
const AWAY = { name: `${NAME}-away`, subnet: "10.213.9.0/24", gateway: "10.213.9.1" };

const program = (hba: string, more = ""): string => `
  import * as pulumi from "@pulumi/pulumi";
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto", network: "${HOME.name}" }, postgresVersion: "${TESTED_MAJOR}", members: 1, tuning: "tiny", deletionProtection: false,
    hba: ${hba},
  });
  const app = new PgUser("app", { target: cluster, username: "app" });
  const other = new PgUser("other", { target: cluster, username: "other" });
  const banned = new PgUser("banned", { target: cluster, username: "banned", roles: [{ name: "app" }] }, { dependsOn: app });
  const database = new PgDatabase("shop", { target: cluster, owner: app.username }, { dependsOn: [other, banned] });
  ${more}
  export const passwords = pulumi.secret({ app: app.password, other: other.password, banned: banned.password });
  export const caCertificate = cluster.caCertificate;
`;

interface Outputs {
  passwords: Record<string, string>;
  caCertificate: string;
}

let docker: Docker;
let project: PulumiProject;
let outputs: Outputs;
let cluster: DockerCluster;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  docker = cluster.docker;
  for (const { name, subnet, gateway } of [HOME, AWAY])
    await docker.createNetwork({ Name: name, IPAM: { Config: [{ Subnet: subnet, Gateway: gateway }] } });
  project = await pulumiProject({
    program: program(`[
      { title: "one of no good", user: "banned", db: "all", addr: "world", auth: "deny", order: 100 },
      { user: "app", db: "all", addr: "${HOME.subnet}", auth: "deny", services: ["primary", "replica"] },
      { user: "all", db: "all", addr: "${AWAY.subnet}", auth: "deny", services: ["default"] },
    ]`),
  });
  await project.up();
  outputs = await project.outputs<Outputs>();
  for (const container of [`${NAME}-haproxy-1`, `${NAME}-pooler-1-primary`])
    await docker.getNetwork(AWAY.name).connect({ Container: container });
  // Users without HBA rules are not affected: everyone except the test's own users connects as before.
  for (const user of ["app", "other", "banned"])
    await cluster.exec(`${NAME}-m1`, "psql", "-c", `grant connect on database shop to ${user}`);
});

afterAll(async () => {
  for (const container of [`${NAME}-haproxy-1`, `${NAME}-pooler-1-primary`])
    await docker
      .getNetwork(AWAY.name)
      .disconnect({ Container: container, Force: true })
      .catch(() => undefined);
  await project?.remove();
  for (const { name } of [HOME, AWAY]) await docker.getNetwork(name).remove();
});

const CONTAINERS = { primary: [`${NAME}-pooler-1-primary`, 6432], default: [`${NAME}-haproxy-1`, 5436] } as const;

/** Returns the answer to `select current_user`, or the error. */
async function tried(user: string, service: keyof typeof CONTAINERS, from: { name: string }): Promise<string> {
  const [container, port] = CONTAINERS[service];
  const { NetworkSettings } = await docker.getContainer(container).inspect();
  const host = NetworkSettings.Networks[from.name].IPAddress;
  const uri = connectionUri({ host, port, user, password: outputs.passwords[user], database: "shop" });
  return failureOfOrUser(uri, `${service}.${NAME}.internal`);
}

const failureOfOrUser = async (uri: string, servername: string): Promise<string> => {
  let name = "";
  const failure = await failureOf(
    withClient(
      uri,
      outputs.caCertificate,
      async (client) => {
        name = (await client.query<{ name: string }>("select current_user as name")).rows[0].name;
      },
      { ssl: { ca: outputs.caCertificate, servername } },
    ),
  );
  return name === "" ? failure : name;
};

const REFUSED = /login rejected/;
/** HAProxy sends no message. */
const CLOSED = /ECONNRESET|terminated|closed|disconnected/;

test("a pooled service refuses a user by address, and nobody else", async () => {
  expect(await tried("app", "primary", HOME)).toMatch(REFUSED);
  expect(await tried("app", "primary", AWAY)).toBe("app");
  expect(await tried("other", "primary", HOME)).toBe("other");
});

test("a direct service refuses everybody from an address, and nobody from another", async () => {
  expect(await tried("app", "default", AWAY)).toMatch(CLOSED);
  expect(await tried("other", "default", AWAY)).toMatch(CLOSED);
  expect(await tried("app", "default", HOME)).toBe("app");
  expect(await cluster.log(`${NAME}-haproxy-1`)).toMatch(
    /connection service=default client=10\.213\.9\.1:\d+ .* state=PR/,
  );
});

test("a user who is refused everywhere is refused at both", async () => {
  expect(await tried("banned", "primary", AWAY)).toMatch(REFUSED);
  expect(await tried("banned", "default", HOME)).toMatch(/pg_hba.conf rejects/);
});

test("with one network alone let in, all others are refused, but not the next `up`", async () => {
  const before = await cluster.lives();
  const rules = `[
    { user: "all", db: "all", addr: "${AWAY.subnet}" },
    { user: "all", db: "all", addr: "world", auth: "deny" },
  ]`;
  await project.write(
    program(rules, `new PgUser("late", { target: cluster, username: "late" }, { dependsOn: database });`),
  );
  await project.up();
  expect(await cluster.lives()).toEqual(before);
  expect(await tried("app", "primary", AWAY)).toBe("app");
  expect(await tried("app", "default", AWAY)).toBe("app");
  expect(await tried("app", "primary", HOME)).toMatch(REFUSED);
  expect(await tried("app", "default", HOME)).toMatch(CLOSED);
  expect(await cluster.exec(`${NAME}-m1`, "psql", "-Atc", "select count(*) from pg_roles where rolname = 'late'")).toBe(
    "1\n",
  );
  await project.expectNoChanges();
});

test("where PostgreSQL refuses all but one user, a new database still gets its baseline", async () => {
  const rules = `[
    { user: "all", db: "all", addr: "${HOME.subnet}", auth: "deny", services: ["default"] },
    { user: "app", db: "all", addr: "world" },
    { user: "all", db: "all", addr: "world", auth: "deny" },
  ]`;
  const fresh = `new PgDatabase("fresh", { target: cluster, owner: app.username, baseline: "create table made ()" }, { dependsOn: other });`;
  await project.write(program(rules, fresh));
  await project.up();
  const ask = (sql: string, database: string) => cluster.exec(`${NAME}-m1`, "psql", "-Atc", sql, database);
  expect(await ask("select tableowner from pg_tables where tablename = 'made'", "fresh")).toBe("app\n");
  expect(await ask("select rolname from pg_roles where rolname like 'pgharbor_baseline_%'", "postgres")).toBe("");
  expect(await tried("app", "default", AWAY)).toBe("app");
  expect(await tried("other", "default", AWAY)).toMatch(/pg_hba.conf rejects/);
  await project.expectNoChanges();
});
