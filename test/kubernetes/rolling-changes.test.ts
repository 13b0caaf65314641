import { during, expectHitless, timeline, type UnderFaults } from "../support/faults/fault-test";
import { reachedAt, withClient } from "../support/connect";
import { images } from "../support/pinned-images";
import { CLIENTS, type WritersReport } from "../support/writers";
import { KubernetesFaultCluster, type Changes } from "../support/kubernetes/fault-cluster";
import { MemberWatch, type WatchedMembers } from "../support/kubernetes/member-watch";
import { postgresRestarts, startsOf } from "../support/kubernetes/postgres-restarts";
import { removeRenamedImages, renamedImage } from "../support/kubernetes/renamed-image";

jest.setTimeout(900_000);

let under: UnderFaults<KubernetesFaultCluster>;

beforeAll(async () => {
  const cluster = await KubernetesFaultCluster.up("rolling");
  under = { cluster, writers: await cluster.startWriters() };
});

afterAll(async () => {
  await under?.writers.stop();
  await under?.cluster.remove();
  if (under !== undefined) await removeRenamedImages(under.cluster);
});

const lives = () => under.cluster.engine.lives();
const leader = () => under.cluster.engine.leader();

interface Counts {
  before?: number;
  after?: number;
}

/** `pulumi up` that no client notices, with at most one member down at a time. */
async function changed(event: string, changes: Changes, members?: Counts): Promise<WatchedMembers> {
  const { report, watched } = await changedUnderLoad(event, changes, members);
  expectHitless(report);
  expect(watched.mostAway).toBeLessThanOrEqual(1);
  return watched;
}

/** Runs `pulumi up` under load, and returns the clients' report and the changes of the members' pods. */
async function changedUnderLoad(
  event: string,
  changes: Changes,
  members: Counts = {},
): Promise<{ report: WritersReport; watched: WatchedMembers }> {
  const { kubernetes, engine } = under.cluster;
  const since = await timeline(under.cluster);
  let moves = 0;
  const watch = await MemberWatch.start(kubernetes, engine);
  const happen = async () => {
    await under.cluster.change(changes);
    moves = (await timeline(under.cluster)) - since;
  };
  const more = () => `, the primary moved ${moves} times`;
  const report = await during(under, event, happen, { ...members, more }).catch((error: Error) => {
    watch.abandon();
    throw error;
  });
  const watched = await watch.stop();
  process.stderr.write(`  ${JSON.stringify(watched)}\n`);
  return { report, watched };
}

test("a new image is rolled out one member at a time, the primary last", async () => {
  const other = await renamedImage(under.cluster, "postgres", images.postgres[17]);
  const { replaced, primaries } = await changed("another image of the members", { postgresImage: other });
  expect(replaced).toEqual(["shop-m1-0", "shop-m2-0", "shop-m3-0"]);
  // The primary moves to the member that is last in turn, and away from it: each member was a replica when its turn
  // came.
  expect(primaries.slice(-2)[0]).toBe("shop-m3-0");
  expect(primaries.length).toBeLessThanOrEqual(3);
  await under.cluster.expectNoChanges();
});

test("with new images of gateways and members, gateways are replaced first, and no transaction is cut", async () => {
  const { engine } = under.cluster;
  const before = await engine.lives("gateway");
  const changes = {
    postgresImage: images.postgres[17],
    gatewayImage: await renamedImage(under.cluster, "gateway", images.gateway),
  };
  const { report, watched } = await changedUnderLoad("another image of gateways and members", changes);
  expect([watched.replaced, watched.mostAway]).toEqual([["shop-m1-0", "shop-m2-0", "shop-m3-0"], 1]);
  expect(Object.keys(await engine.lives("gateway")).filter((pod) => pod in before)).toEqual([]);
  // Clients of a deleted gateway must reconnect: once at most for each gateway, and between two transactions.
  expect(report.refused).toBe(0);
  expect(report.failed).toBeLessThanOrEqual(CLIENTS * Object.keys(before).length);
  process.stderr.write(`  ${JSON.stringify(report.errors)}\n`);
  await under.cluster.expectNoChanges();
});

test("a parameter that needs a restart restarts Postgres, not pods: replicas one at a time, then the primary", async () => {
  const [before, started, since, primary] = [
    await lives(),
    await startsOf(under.cluster.engine),
    new Date(),
    await leader(),
  ];
  const { primaries } = await changed("max_connections raised", { parameters: { max_connections: "160" } });
  const { direct, ca, addresses } = under.cluster.connection();
  const ask = (client: { query<T extends object>(sql: string): Promise<{ rows: T[] }> }) =>
    client.query<{ max_connections: string }>("show max_connections");
  const { rows } = await withClient(direct, ca, ask, reachedAt(direct, ca, addresses));
  expect(rows).toEqual([{ max_connections: "160" }]);
  expect(await lives()).toEqual(before);
  expect(primaries).toHaveLength(2);
  const now = await startsOf(under.cluster.engine);
  expect(Object.keys(now)).toEqual(Object.keys(started));
  for (const [pod, at] of Object.entries(now)) expect([pod, at > started[pod]]).toEqual([pod, true]);
  const restarts = await postgresRestarts(under.cluster.engine, since);
  process.stderr.write(
    `  ${restarts.map(({ pod, from, to }) => `${pod} ${from.slice(11, 23)} to ${to.slice(11, 23)}`).join(", ")}\n`,
  );
  const replicas = Object.keys(before).filter((pod) => pod !== primary);
  expect(
    restarts
      .slice(0, 2)
      .map(({ pod }) => pod)
      .sort(),
  ).toEqual(replicas.sort());
  expect([...new Set(restarts.slice(2).map(({ pod }) => pod))]).toEqual([primary]);
  // Each member streamed again before the next one stopped.
  expect(restarts.filter(({ from }, i) => i > 0 && from <= restarts[i - 1].to)).toEqual([]);
  await under.cluster.expectNoChanges();
});

test("with less memory each member starts once, with the parameters for it", async () => {
  const before = Object.keys(await lives());
  const since = new Date();
  const { replaced } = await changed("900 MB of memory", { memory: "900MB" });
  expect([...replaced].sort()).toEqual(before.sort());
  expect(await postgresRestarts(under.cluster.engine, since)).toEqual([]);
  for (const pod of before)
    expect([pod, await under.cluster.engine.exec(pod, "psql", "-XAtc", "show shared_buffers")]).toEqual([
      pod,
      "225MB\n",
    ]);
  await under.cluster.expectNoChanges();
});

test("adding two members and removing them, even if one leads, changes no other pod", async () => {
  const [before, gateways] = [await lives(), await under.cluster.engine.lives("gateway")];
  await changed("from 3 members to 5", { members: 5 }, { after: 5 });
  const { "shop-m4-0": m4, "shop-m5-0": m5, ...others } = await lives();
  expect([m4, m5]).not.toContain(undefined);
  expect(others).toEqual(before);

  await under.cluster.engine.exec(await leader(), "pgharbor-patroni", "switchover", "--to", "shop-m5-0");
  const { primaries } = await changed("from 5 members to 3, one of them the primary", { members: 3 }, { before: 5 });
  // The primary moves once, to a member that stays.
  expect(primaries).toEqual(["shop-m5-0", expect.stringMatching(/^shop-m[123]-0$/)]);
  expect(await lives()).toEqual(before);
  expect(await under.cluster.engine.lives("gateway")).toEqual(gateways);
  expect(await slots()).toEqual(await slotsOf(Object.keys(before)));
  await under.cluster.expectNoChanges();
});

test("larger volumes change no pod", async () => {
  const before = await lives();
  expect(await capacities()).toEqual(["8Gi", "8Gi", "8Gi"]);
  await changed("volumes of 9 GiB instead of 8", { disk: "9GB" });
  expect(await capacities()).toEqual(["9Gi", "9Gi", "9Gi"]);
  expect(await lives()).toEqual(before);
  await under.cluster.expectNoChanges();
});

/** Returns one slot for each member that streams from the leader. */
async function slotsOf(pods: string[]): Promise<string[]> {
  const primary = await leader();
  const standbys = pods.filter((pod) => pod !== primary);
  return standbys.map((pod) => pod.replaceAll("-", "_")).sort();
}

async function slots(): Promise<string[]> {
  const query = "select slot_name from pg_replication_slots order by 1";
  const text = await under.cluster.engine.exec(await leader(), "psql", "-XAtc", query);
  return text.split("\n").filter((line) => line !== "");
}

async function capacities(): Promise<string[]> {
  const path = "jsonpath={.items[*].status.capacity.storage}";
  return (await under.cluster.engine.kubectl("get", "pvc", "-o", path)).split(" ");
}
