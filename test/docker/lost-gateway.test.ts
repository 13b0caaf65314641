import { randomBytes } from "node:crypto";
import { connectionUri } from "../support/connection-uri";
import { withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

/**
 * Someone removes the gateway, or its published ports change. Tests what a refresh reports, and what the next `up`
 * repairs.
 */
jest.setTimeout(900_000);

const NAME = `tlost${randomBytes(2).toString("hex")}`;
const USERS = ["app", "second", "third", "fourth", "fifth"];
const program = `
  import { PgDatabase, PgUser, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", { docker: { publish: "auto" }, members: 1, tuning: "tiny", deletionProtection: false });
  const users = ${JSON.stringify(USERS)}.map((username) => new PgUser(username, { target: cluster, username }));
  new PgDatabase("shop", { target: cluster, owner: users[0].username });
  export const password = users[0].password;
  export const caCertificate = cluster.caCertificate;
  export const services = cluster.services;
`;
interface Outputs {
  password: string;
  caCertificate: string;
  services: { name: string; host: string; port: number }[];
}

let project: PulumiProject;
let cluster: DockerCluster;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program });
  await project.up();
});
afterAll(() => project?.remove());

const gateway = () => cluster.docker.getContainer(`${NAME}-haproxy-1`);
const sqlUrns = async (): Promise<string[]> =>
  (await project.resources())
    .filter(({ type }) => /^pulumi-nodejs:.*Pg(Role|Database)$/.test(type))
    .map(({ urn }) => urn)
    .sort();

async function login(): Promise<string> {
  const { password, caCertificate, services } = await project.outputs<Outputs>();
  const { host, port } = services.find(({ name }) => name === "default")!;
  const uri = connectionUri({ host, port, user: "app", password, database: "shop" });
  return withClient(uri, caCertificate, async (client) =>
    String((await client.query<{ name: string }>("select current_user as name")).rows[0].name),
  );
}

test("a refresh that reaches nobody leaves what it could not read, says so once, and waits for one of them", async () => {
  const before = await sqlUrns();
  expect(before).toHaveLength(USERS.length + 1);
  await gateway().remove({ force: true });
  const { stdout } = await project.refresh();
  expect(await sqlUrns()).toEqual(before);
  // Pulumi prints a message when it arrives, and again at the end.
  const warnings = stdout.split("\n").filter((line) => line.includes("were not read"));
  expect(warnings.length).toBeGreaterThan(0);
  expect(new Set(warnings.map((line) => line.slice(line.indexOf(": users, ")))).size).toBe(1);
  expect(warnings[0]).toMatch(
    new RegExp(`${NAME}: users, databases and grants were not read: .*by container ${NAME}-haproxy-1`),
  );
});

test("the next `up` makes the gateway again, at other ports, and touches no user or database", async () => {
  const { steps } = await project.previewJson();
  const changed = steps.filter(({ op }) => op !== "same").map(({ urn }) => urn);
  expect(changed.some((urn) => urn.endsWith(`${NAME}-haproxy-1`))).toBe(true);
  expect(changed.filter((urn) => /Pg(Role|Database)/.test(urn))).toEqual([]);
  await project.up();
  expect(await login()).toBe("app");
  await project.expectNoChanges();
});

test("`up --refresh` does both in one, also after the ports have moved", async () => {
  await gateway().remove({ force: true });
  await project.up("--refresh");
  expect(await login()).toBe("app");
  // A restarted container gets other free ports.
  await gateway().restart();
  await cluster.untilHealthy(`${NAME}-haproxy-1`);
  await project.up("--refresh");
  expect(await login()).toBe("app");
  await project.refresh();
  await project.expectNoChanges();
});
