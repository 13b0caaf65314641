import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { failureOf, withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { loseContainer } from "../support/lose";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

/** Covers members of a three-member etcd that lose their data, and a database whose only copy is lost. */
jest.setTimeout(900_000);

const NAME = `tletcd${randomBytes(2).toString("hex")}`;
const program = (more = ""): string => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto", etcdMembers: 3 }, members: 1, tuning: "tiny", deletionProtection: false, ${more}
  });
  const owner = new PgUser("owner", { target: cluster, username: "app" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  export const uri = new ServiceBinding("app", { user: owner, database, service: "primary" }).uri;
  export const caCertificate = cluster.caCertificate;
`;
interface Outputs {
  uri: string;
  caCertificate: string;
}
interface Status {
  members: { name: string; started: boolean }[];
  initialize: string;
}

let project: PulumiProject;
let cluster: DockerCluster;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
  await project.up();
});
afterAll(() => project?.remove());

const etcd = (n: number) => `${NAME}-etcd-${n}`;
const status = async (n: number): Promise<Status> =>
  JSON.parse(await cluster.exec(etcd(n), "pgharbor-etcd-store", "status")) as Status;
const expectWhole = async (n: number): Promise<void> => {
  const { members } = await status(n);
  expect(members.map(({ name }) => name).sort()).toEqual([1, 2, 3].map(etcd));
  expect(members.every(({ started }) => started)).toBe(true);
};
const write = async (): Promise<void> => {
  const { uri, caCertificate } = await project.outputs<Outputs>();
  await withClient(uri, caCertificate, async (client) => {
    await client.query("create table if not exists kept (at timestamptz default now())");
    await client.query("insert into kept default values");
  });
};
const written = async (): Promise<number> => {
  const { uri, caCertificate } = await project.outputs<Outputs>();
  return withClient(uri, caCertificate, async (client) =>
    Number((await client.query<{ n: string }>("select count(*) as n from kept")).rows[0].n),
  );
};

test("a member of etcd whose container and volume are gone is back after `up --refresh`", async () => {
  await write();
  const { initialize } = await status(1);
  const before = await cluster.lives();
  await loseContainer(cluster, etcd(2), `${etcd(2)}-data`);
  await project.up("--refresh");
  await expectWhole(2);
  expect((await status(2)).initialize).toBe(initialize);
  const after = await cluster.lives();
  expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([etcd(2)]);
  await project.refresh();
  await project.expectNoChanges();
});

test("a member of etcd whose data is deleted rejoins by itself", async () => {
  await cluster.exec(etcd(1), "rm", "-rf", "/var/lib/etcd/data");
  await cluster.docker.getContainer(etcd(1)).kill();
  await cluster.docker.getContainer(etcd(1)).start();
  await eventually(() => expectWhole(1), 120);
});

test("then another may go, for longer than a lease: the store has its quorum, and writes go on", async () => {
  const stopped = cluster.docker.getContainer(etcd(3));
  await stopped.stop();
  await sleep(25_000);
  await write();
  await expectWhole(1);
  await stopped.start();
  await eventually(() => expectWhole(3), 60);
});

test("two of three whose volumes are gone are back after one `up --refresh`; writes go on, and no member restarts", async () => {
  const { initialize } = await status(1);
  const before = await cluster.lives();
  await loseContainer(cluster, etcd(1), `${etcd(1)}-data`);
  await loseContainer(cluster, etcd(3), `${etcd(3)}-data`);
  await write();
  await project.up("--refresh");
  for (const n of [1, 2, 3]) await expectWhole(n);
  expect((await status(3)).initialize).toBe(initialize);
  const after = await cluster.lives();
  expect(Object.keys(after).filter((name) => after[name] !== before[name] && !name.includes("-etcd-"))).toEqual([]);
  await write();
  await project.refresh();
  await project.expectNoChanges();
});

test("the data of all three, gone in their volumes, come from the database", async () => {
  const { initialize } = await status(1);
  for (const n of [1, 2, 3])
    await cluster.exec(etcd(n), "sh", "-c", "rm -rf /var/lib/etcd/data /var/lib/etcd/established");
  for (const n of [1, 2, 3]) await cluster.docker.getContainer(etcd(n)).kill();
  for (const n of [1, 2, 3]) await cluster.docker.getContainer(etcd(n)).start();
  await write();
  await project.up("--refresh");
  for (const n of [1, 2, 3]) await expectWhole(n);
  expect((await status(2)).initialize).toBe(initialize);
  await write();
  await project.expectNoChanges();
});

test("losing the only copy of the database is an error that names it, and an empty one is created only on request", async () => {
  const { initialize } = await status(1);
  expect(initialize).toMatch(/^\d+$/);
  await loseContainer(cluster, `${NAME}-m1`, `${NAME}-m1-data`);
  const refused = await failureOf(project.up("--refresh"));
  expect(refused).toMatch(/its database is lost: the store knows it, and no member's volume holds it any more/);
  expect(refused).toContain(`acceptDataLoss: "${initialize}"`);
  expect(await failureOf(project.up())).toMatch(/its database is lost/);
  await project.write(program(`acceptDataLoss: "${initialize}",`));
  await project.up("--refresh");
  expect((await status(1)).initialize).not.toBe(initialize);
  // The next run detects that the volume's contents are lost.
  await project.up("--refresh");
  await write();
  expect(await written()).toBe(1);
  await project.refresh();
  await project.expectNoChanges();
});
