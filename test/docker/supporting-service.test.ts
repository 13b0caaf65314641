import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ServiceInstance } from "pgharbor";
import { ensureDocker, ensureImages } from "@pgharbor/toolchain";
import { withClient } from "../support/connect";
import { connectionFiles, libpqConnects, mcpReadsAsTheUser } from "../support/contract/supporting-services";
import { DockerCluster } from "../support/docker-cluster";
import { callTool } from "../support/mcp-client";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

const NAME = "tservice";
const MCP = `${NAME}-mcp-local`;
const LIBPQ = `${NAME}-libpq-local`;

const mcp = (config = "") => `
  const mcp = new SupportingService("mcp", {
    target: cluster, database: database.databaseName, connectAs: reader, serviceType: "mcp", hosts: ["local"], port: 0, memory: "512MB", ${config}
  });
  export const instances = mcp.instances;`;
// The member's image has psql: a health check by libpq itself, through pg_service.conf.
const libpq = (image: string) => `
  const libpq = new SupportingService("libpq", {
    target: cluster, database: database.databaseName, connectAs: reader, image: "${image}", user: "102:104", hosts: ["local"],
    service: "default", targetSessionAttrs: "read-write", command: ["sleep", "infinity"], env: { TZ: "UTC" },
    config: { path: "/etc/app/app.conf", values: { b: "2", a: "1" } }, secretFiles: { "/run/app/key": "s3cret-of-the-app" },
    healthcheck: { command: ["psql", "service=pgharbor", "-c", "select 1"], interval: "1s" },
  });
  export const libpqInstances = libpq.instances;`;

const program = (extra: string) => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", { docker: { publish: "auto" }, members: 1, deletionProtection: false });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const reader = new PgUser("reader", { target: cluster, username: "app_reader", roles: [{ name: "app_owner" }] }, { dependsOn: owner });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username, baseline: "create table public.harbour (name text)" });
  export const uri = new ServiceBinding("app", { user: reader, database }).uri;
  export const password = reader.password;
  export const caCertificate = cluster.caCertificate;
  ${extra}
`;

interface Outputs {
  uri: string;
  password: string;
  caCertificate: string;
  instances: ServiceInstance[];
  libpqInstances: ServiceInstance[];
}

let project: PulumiProject;
let cluster: DockerCluster;
let outputs: Outputs;
let image: string;

beforeAll(async () => {
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const { client } = await ensureDocker(progress);
  image = (await ensureImages(client, { mcp: true }, progress)).postgres["17"]!;
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program(mcp() + libpq(image)) });
  await project.up();
  outputs = await project.outputs<Outputs>();
});

afterAll(async () => {
  await project?.remove();
});

test("the instances report their address and health", async () => {
  const [instance] = outputs.instances;
  expect(outputs.instances).toHaveLength(1);
  expect(instance).toMatchObject({ name: MCP, host: "local", state: "running", health: "healthy" });
  expect(instance.addresses).toEqual([`${MCP}:8080`, `127.0.0.1:${instance.port}`]);
  expect((await cluster.inspectAll()).get(MCP)!.Id).toBe(instance.containerId);
  expect(Date.parse(instance.lastHealthAt!)).toBeLessThan(Date.now());
  expect(outputs.libpqInstances).toMatchObject([{ name: LIBPQ, image, addresses: [], state: "running" }]);
  expect(outputs.libpqInstances[0].port).toBeUndefined();
});

test("an MCP client initialises, finds the schema and queries the database as its user", () =>
  mcpReadsAsTheUser(`http://127.0.0.1:${outputs.instances[0].port}/mcp`));

test("libpq connects by pg_service.conf; files are for the program's user alone; the configuration is as declared", async () => {
  const run = (...command: string[]) => cluster.exec(LIBPQ, ...command);
  await libpqConnects(run);
  const files = await run("sh", "-c", "stat -c '%n %a %u:%g' /run/pgharbor/connection/*");
  expect(files.trim().split("\n")).toEqual(connectionFiles("440 0:0"));
});

test("no container gets more than it needs, and none shows a secret", async () => {
  const all = await cluster.inspectAll();
  for (const name of [MCP, LIBPQ]) {
    const { HostConfig } = all.get(name)!;
    expect(HostConfig.CapDrop).toEqual(["ALL"]);
    expect(HostConfig.SecurityOpt).toEqual(["no-new-privileges"]);
    expect(HostConfig.RestartPolicy!.Name).toBe("unless-stopped");
  }
  expect(all.get(MCP)!.HostConfig.Memory).toBe(512 * 1024 * 1024);
  const processes = await Promise.all(
    [MCP, LIBPQ].map(async (name) => JSON.stringify(await cluster.docker.getContainer(name).top())),
  );
  const preview = (await project.preview("--diff")).stdout;
  const seen = [JSON.stringify([...all]), await cluster.logs(), await project.export(), preview, ...processes].join(
    "\n",
  );
  for (const secret of [outputs.password, "s3cret-of-the-app"]) expect(seen.includes(secret)).toBe(false);
});

test("a second preview, a refresh and a third preview find nothing to do", async () => {
  await project.expectNoChanges();
  expect(Object.keys((await project.refresh()).summary)).toEqual(["unchanged"]);
  await project.expectNoChanges();
});

test("a change of the configuration replaces that container and no other", async () => {
  const before = await cluster.lives();
  await project.write(program(mcp('config: { values: { allow_writes: "true", max_rows: "1" } }') + libpq(image)));
  await project.up();
  const { [MCP]: changed, ...others } = await cluster.lives();
  const { [MCP]: old, ...same } = before;
  expect(changed).not.toBe(old);
  expect(others).toEqual(same);
  await project.expectNoChanges();
  const { instances } = await project.outputs<Outputs>();
  const endpoint = `http://127.0.0.1:${instances[0].port}/mcp`;
  const sql = "insert into harbour values ('Piraeus') returning name";
  expect((await callTool(endpoint, "execute_sql", { sql })).text).toContain("Piraeus");
  const two = await callTool(endpoint, "execute_sql", { sql: "select generate_series(1, 2) as n" });
  expect(JSON.parse(two.text)).toMatchObject({ data: { statements: [{ rows: [{ n: 1 }] }] } });
});

test("an instance that has stopped is failed after a refresh, and the next update starts it", async () => {
  await promisify(execFile)("docker", ["stop", LIBPQ]);
  await project.refresh();
  // A refresh does not run the program, so the stack's outputs change only with the next update.
  const found = (await project.resources()).find((r) => r.urn.endsWith(`::${LIBPQ}-state`));
  expect(found!.outputs).toMatchObject({ state: "failed" });
  await project.up();
  expect((await project.outputs<Outputs>()).libpqInstances).toMatchObject([{ state: "running", health: "healthy" }]);
  await project.refresh();
  await project.expectNoChanges();
});

test("without the services, their containers are gone and the user is not", async () => {
  await project.write(program(""));
  await project.up();
  const left = Object.keys(await cluster.lives());
  expect(left.filter((name) => [MCP, LIBPQ].includes(name))).toEqual([]);
  const { uri, caCertificate } = await project.outputs<Outputs>();
  const who = await withClient(uri, caCertificate, (c) => c.query("select current_user as who"));
  expect(who.rows).toEqual([{ who: "app_reader" }]);
});
