import { randomBytes } from "node:crypto";
import { names } from "@pgharbor/core";
import { DockerCluster, newestTimeline } from "../support/docker-cluster";
import { freePorts } from "../support/free-ports";
import { loseContainer } from "../support/lose";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { Writers } from "../support/writers";

/** Someone removes parts of a running cluster. One `pulumi up --refresh` repairs the cluster before it ends. */
jest.setTimeout(900_000);

const NAME = `tlparts${randomBytes(2).toString("hex")}`;
const SERVICES = ["primary", "replica", "default", "offline"];
const program = (ports: number[]): string => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: {}, members: 3, tuning: "tiny", deletionProtection: false, parameters: { log_min_duration_statement: "1234" },
    services: ${JSON.stringify(SERVICES.map((name, i) => ({ name, port: ports[i] })))},
  });
  const owner = new PgUser("owner", { target: cluster, username: "app" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
  export const uris = { primary: bind("primary"), default: bind("default") };
  export const caCertificate = cluster.caCertificate;
`;
interface Outputs {
  uris: { primary: string; default: string };
  caCertificate: string;
}

let project: PulumiProject;
let cluster: DockerCluster;
let writers: Writers;
let outputs: Outputs;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program(await freePorts(SERVICES.length)) });
  await project.up();
  outputs = await project.outputs<Outputs>();
  const { uris, caCertificate: ca } = outputs;
  writers = await Writers.start({ uri: uris.primary, direct: uris.default, ca, clients: 8 });
});
afterAll(async () => {
  await writers?.stop();
  await project?.remove();
});

const member = (n: number) => names.member(NAME, `m${n}`);
const etcd = names.etcd(NAME, 1);
const system = async (): Promise<string> =>
  (JSON.parse(await cluster.exec(etcd, "pgharbor-etcd-store", "status")) as { initialize: string }).initialize;
const config = async (): Promise<unknown> =>
  JSON.parse(await cluster.exec(await cluster.leader(), "pgharbor-patroni", "get-config"));
const timeline = async (): Promise<number> => newestTimeline(await cluster.members());

/** Checked right after the `up`, without any wait. */
async function expectWhole(): Promise<void> {
  const members = await cluster.members();
  expect(members.map(({ State }) => State).sort()).toEqual(["running", "streaming", "streaming"]);
  await writers.untilWriting(60);
  const { lost } = await writers.report();
  expect(lost).toEqual([]);
  expect(await system()).toBe(before.system);
  expect(await config()).toEqual(before.config);
  await project.refresh();
  await project.expectNoChanges();
}

let before: { system: string; config: unknown };
beforeAll(async () => {
  before = { system: await system(), config: await config() };
});

test("the only etcd and its volume are lost: the store is created again, and the primary continues", async () => {
  const leader = await cluster.leader();
  const led = await timeline();
  await loseContainer(cluster, etcd, names.etcdVolume(NAME, 1));
  await project.up("--refresh");
  await expectWhole();
  expect(await cluster.leader()).toBe(leader);
  expect(await timeline()).toBe(led);
});

test("the primary with its volume, and a gateway: another leads, and both are back", async () => {
  const leader = await cluster.leader();
  await loseContainer(cluster, leader, `${leader}-data`);
  await loseContainer(cluster, `${NAME}-haproxy-1`);
  await project.up("--refresh");
  await expectWhole();
});

test("all members' containers and the store: nobody leads before all that have data were heard", async () => {
  const leader = await cluster.leader();
  for (const n of [1, 2, 3]) await loseContainer(cluster, member(n));
  await loseContainer(cluster, etcd, names.etcdVolume(NAME, 1));
  await project.up("--refresh");
  process.stderr.write(`led before: ${leader}, leads now: ${await cluster.leader()}\n`);
  await expectWhole();
});

test("all containers are stopped, and the networks removed", async () => {
  for (const name of (await cluster.inspectAll()).keys()) await cluster.docker.getContainer(name).stop();
  for (const network of [names.network(NAME), names.membersNetwork(NAME), names.storeNetwork(NAME)])
    await cluster.docker.getNetwork(network).remove();
  await project.up("--refresh");
  await expectWhole();
});
