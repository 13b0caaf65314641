import { names } from "@pgharbor/core";
import { DockerCluster } from "../support/docker-cluster";
import { withClient } from "../support/connect";
import { eventually } from "../support/eventually";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { untilReplicated } from "../support/until-replicated";

jest.setTimeout(900_000);

/** Covers what the tests' main cluster lacks: PostgreSQL 15, three etcd, two gateways, limits, an offline member, more services. */
const NAME = "tshape";
const program = (resources = `{ cpu: 1, memory: "512MB" }`): string => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto", etcdMembers: 3 }, postgresVersion: "15", members: 3, gateways: 2, deletionProtection: false, resources: ${resources},
    memberSettings: { m3: { role: "offline" } }, ha: "norm",
    services: [
      { name: "reports", port: 5439, checkPath: "/read-only", selector: "[? pg_role == 'offline']", pool: { mode: "session" } },
      { name: "early", port: 5001, destination: "postgres", checkPath: "/read-only", selector: "[? pg_role == 'offline']" },
    ],
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
  export const uris = { primary: bind("primary"), replica: bind("replica"), offline: bind("offline"), reports: bind("reports"),
    default: bind("default"), early: bind("early") };
  export const caCertificate = cluster.caCertificate;
`;

interface Outputs {
  uris: Record<"primary" | "replica" | "offline" | "reports" | "default" | "early", string>;
  caCertificate: string;
}
interface Where {
  address: string;
  standby: boolean;
  version: number;
}

let project: PulumiProject;
let cluster: DockerCluster;
let outputs: Outputs;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
  await project.up();
  outputs = await project.outputs<Outputs>();
});
afterAll(async () => {
  await project?.remove();
});

const serverOf = (service: keyof Outputs["uris"]): Promise<Where> =>
  withClient(outputs.uris[service], outputs.caCertificate, async (client) => {
    const { rows } = await client.query<Where>(
      `select host(inet_server_addr()) as address, pg_is_in_recovery() as standby,
              current_setting('server_version_num')::int / 10000 as version`,
    );
    return rows[0];
  });
const addressOf = async (container: string): Promise<string> =>
  (await cluster.inspectAll()).get(container)!.NetworkSettings.Networks[names.membersNetwork(NAME)].IPAddress;

test("poolers of PostgreSQL 15 reach the primary by TLS through HAProxy", async () => {
  expect(await serverOf("primary")).toEqual({
    address: await addressOf(await cluster.leader()),
    standby: false,
    version: 15,
  });
});

test("the offline member takes offline queries and its own service, and no replica traffic", async () => {
  const offline = await addressOf(`${NAME}-m3`);
  // The offline member follows asynchronously: the new user arrives there a moment later.
  await untilReplicated(cluster, `${NAME}-m3`, "select 1 from pg_roles where rolname = 'app_owner'", 60);
  // A gateway may detect the member a moment later still.
  for (const service of ["offline", "reports", "early"] as const)
    await eventually(async () => expect((await serverOf(service)).address).toBe(offline), 60);
  const replicas = await Promise.all(Array.from({ length: 6 }, () => serverOf("replica")));
  expect(replicas.map((r) => r.standby)).toEqual(Array(6).fill(true));
  expect(replicas.map((r) => r.address)).not.toContain(offline);
});

test("direct services are published by one container, and each port leads to its own", async () => {
  expect((await serverOf("default")).standby).toBe(false);
  const ports = Object.values(outputs.uris).map((uri) => new URL(uri).port);
  expect(new Set(ports).size).toBe(ports.length);
});

test("both gateways answer, and nothing is left to do", async () => {
  const gateways = [...(await cluster.inspectAll()).keys()].filter((name) => name.includes("-haproxy-")).sort();
  expect(gateways).toEqual([`${NAME}-haproxy-1`, `${NAME}-haproxy-2`]);
  await project.refresh();
  await project.expectNoChanges();
});

test("a third of the store may go: writes go on, the member of etcd comes back", async () => {
  const stopped = cluster.docker.getContainer(`${NAME}-etcd-1`);
  await stopped.stop();
  await withClient(outputs.uris.primary, outputs.caCertificate, async (client) => {
    await client.query("create table went_on (at timestamptz default now())");
    const until = Date.now() + 20_000;
    while (Date.now() < until) {
      await client.query("insert into went_on default values");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
  await stopped.start();
  await cluster.untilHealthy(`${NAME}-etcd-1`);
  expect((await serverOf("primary")).standby).toBe(false);
});

test("other limits replace members alone, and nothing is left to do", async () => {
  const before = await cluster.lives();
  await project.write(program(`{ cpu: 2, memory: "640MB" }`));
  await project.up();
  const after = await cluster.lives();
  const members = ["m1", "m2", "m3"].map((member) => `${NAME}-${member}`);
  expect(
    Object.keys(after)
      .filter((name) => after[name] !== before[name])
      .sort(),
  ).toEqual(members);
  for (const member of members) {
    const { CpuQuota, CpuPeriod, Memory, MemorySwap } = (await cluster.inspectAll()).get(member)!.HostConfig;
    expect(CpuQuota! / CpuPeriod!).toBe(2);
    expect([Memory, MemorySwap]).toEqual([640 * 1024 ** 2, 640 * 1024 ** 2]);
  }
  await project.refresh();
  await project.expectNoChanges();
  expect((await serverOf("primary")).standby).toBe(false);
});
