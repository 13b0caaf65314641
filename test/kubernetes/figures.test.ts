import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { reachedAt, withClient } from "../support/connect";
import { workingSetOf } from "../support/kubernetes/container-memory";
import { KubernetesFaultCluster } from "../support/kubernetes/fault-cluster";

jest.setTimeout(600_000);

const SERVICES = { primary: 5433, replica: 5434, default: 5436, offline: 5438 };
/** Postgres fills its caches while it is used; at rest they are mostly empty. */
const REST_SECONDS = 30;

let cluster: KubernetesFaultCluster;
let upSeconds: number;

beforeAll(async () => {
  cluster = await KubernetesFaultCluster.up("figures");
  const { ca } = cluster.connection();
  for (const [service, port] of Object.entries(SERVICES)) {
    const uri = cluster.connection().direct.replace(/shop-default\.(.*):\d+/, `shop-${service}.$1:${port}`);
    await withClient(uri, ca, (c) => c.query("select 1"), reachedAt(uri, ca, cluster.connection().addresses));
  }
  upSeconds = (performance.now() - cluster.upSince) / 1000;
});

afterAll(async () => {
  await cluster?.remove();
});

const say = (line: string) => process.stderr.write(`${line}\n`);

test("the time from `pulumi up` until every service answers, with a user and a database", async () => {
  const [first, last] = await readySpan();
  say(`pulumi up until all services answer: ${upSeconds.toFixed(0)} s`);
  say(`from the first pod's creation until all are ready: ${((last - first) / 1000).toFixed(0)} s`);
  // Three times the goal, because the test must also pass on a busy machine. The printed figure is what counts.
  expect(upSeconds).toBeLessThan(180);
});

/** The default requests, in MiB, must cover a cluster at rest. The guard may use half of its request. */
const MOST: Record<string, { pods: number; containers: Record<string, number> }> = {
  member: { pods: 3, containers: { "lease-guard": 24, patroni: 256 } },
  gateway: { pods: 2, containers: { haproxy: 96, "pooler-primary": 48, "pooler-replica": 48 } },
};

test("memory at rest is less than the requests", async () => {
  await sleep(REST_SECONDS * 1000);
  const over: string[] = [];
  for (const [role, { pods, containers }] of Object.entries(MOST)) {
    const found = await cluster.engine.pods(role);
    expect([role, found.length]).toEqual([role, pods]);
    for (const { metadata, status } of found) {
      const used = status.containerStatuses!.map(
        ({ name, containerID }) => [name, workingSetOf(containerID!.replace(/^.*:\/\//, ""))] as const,
      );
      say(`${metadata.name}: ${used.map(([name, mebibytes]) => `${name} ${mebibytes} MiB`).join(", ")}`);
      expect(used.map(([name]) => name).sort()).toEqual(Object.keys(containers));
      for (const [name, mebibytes] of used)
        if (!(mebibytes > 0 && mebibytes < containers[name])) over.push(`${metadata.name}/${name} ${mebibytes} MiB`);
    }
  }
  expect(over).toEqual([]);
});

/** Returns when the first pod was created, and when the last became ready. */
async function readySpan(): Promise<[number, number]> {
  const pods = [...(await cluster.engine.pods("member")), ...(await cluster.engine.pods("gateway"))];
  const created = pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp));
  const ready = pods.map(({ status }) =>
    Date.parse(status.conditions.find(({ type }) => type === "Ready")!.lastTransitionTime),
  );
  return [Math.min(...created), Math.max(...ready)];
}
