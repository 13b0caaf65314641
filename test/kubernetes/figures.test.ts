import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { reachedAt, withClient } from "../support/connect";
import { workingSetOf } from "./container-memory";
import { KubernetesFaultCluster } from "./fault-cluster";

jest.setTimeout(600_000);

const SERVICES = { primary: 5433, replica: 5434, default: 5436, offline: 5438 };
/** Postgres fills its caches as it is used; at rest it has not. */
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

test("from `pulumi up` until every service answers, with a user and a database", async () => {
  const [first, last] = await readySpan();
  say(`pulumi up until all services answer: ${upSeconds.toFixed(0)} s`);
  say(`from the first pod's creation until all are ready: ${((last - first) / 1000).toFixed(0)} s`);
  // Three times what is aimed at, since a busy machine is not what is tested.
  expect(upSeconds).toBeLessThan(180);
});

test("memory at rest", async () => {
  await sleep(REST_SECONDS * 1000);
  for (const role of ["member", "gateway"]) {
    for (const { metadata, status } of await cluster.engine.pods(role)) {
      const used = status.containerStatuses!.map(({ name, containerID }) => {
        const mebibytes = workingSetOf(containerID!.replace(/^.*:\/\//, ""));
        return { name, mebibytes };
      });
      say(`${metadata.name}: ${used.map(({ name, mebibytes }) => `${name} ${mebibytes} MiB`).join(", ")}`);
      // What is asked for must do for a cluster at rest.
      const patroni = used.find(({ name }) => name === "patroni");
      if (patroni) expect(patroni.mebibytes).toBeLessThan(256);
      const guard = used.find(({ name }) => name === "lease-guard");
      if (guard) expect(guard.mebibytes).toBeLessThan(24);
    }
  }
});

/** When the first pod was created, and when the last became ready. */
async function readySpan(): Promise<[number, number]> {
  const pods = [...(await cluster.engine.pods("member")), ...(await cluster.engine.pods("gateway"))];
  const created = pods.map(({ metadata }) => Date.parse(metadata.creationTimestamp));
  const ready = pods.map(({ status }) =>
    Date.parse(status.conditions.find(({ type }) => type === "Ready")!.lastTransitionTime),
  );
  return [Math.min(...created), Math.max(...ready)];
}
