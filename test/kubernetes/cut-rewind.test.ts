import { setTimeout as sleep } from "node:timers/promises";
import { leaderOf, ROUNDS } from "../support/faults/by-name";
import { AFTER_LEASE, REBUILD_AFTER, SOON, type UnderFaults } from "../support/faults/fault-test";
import { expectOnePrimary, sampledDuring } from "../support/faults/sampled";
import { killContainer, processesOfPod, readFrom, signalPod } from "../support/kubernetes/container-processes";
import { KubernetesFaultCluster } from "../support/kubernetes/fault-cluster";

/**
 * A former primary that pg_rewind was repairing, as in test/faults/cut-rewind. Its directory is then consistent with
 * neither timeline.
 */
jest.setTimeout(900_000);

let under: UnderFaults<KubernetesFaultCluster>;

beforeAll(async () => {
  const cluster = await KubernetesFaultCluster.up("cut-rewind", { haTimings: { rebuildAfter: REBUILD_AFTER } });
  under = { cluster, writers: await cluster.startWriters() };
});
afterEach(async () => {
  await sql(await leaderOf(under), "drop table if exists much");
});
afterAll(async () => {
  await under?.writers.stop();
  await under?.cluster.remove();
});

const engine = () => under.cluster.engine;
const sql = (pod: string, statements: string): Promise<string> => engine().exec(pod, "psql", "-XAtc", statements);

/**
 * The primary writes what no replica has, and freezes. Its successor writes enough for pg_rewind to have something to
 * copy. Then the former primary is killed, and Kubernetes starts it again.
 */
async function diverge(round: number): Promise<{ former: string; successor: string }> {
  const former = await leaderOf(under);
  const pods = (await engine().pods()).map(({ metadata }) => metadata);
  const { uid: own } = pods.find(({ name }) => name === former)!;
  const replicas = pods.filter(({ name }) => name !== former);
  for (const { uid } of replicas) signalPod(uid, "SIGSTOP");
  try {
    await sql(
      former,
      `set synchronous_commit = local; create table alone_${round} as select g, repeat('x', 500) from generate_series(1, 20000) g`,
    );
    signalPod(own, "SIGSTOP");
  } finally {
    for (const { uid } of replicas) signalPod(uid, "SIGCONT");
  }
  const container = await engine().containerId(former);
  try {
    await under.writers.untilWriting(AFTER_LEASE);
    const successor = await leaderOf(under);
    await sql(
      successor,
      `create table much as select g, repeat('x', 1000) from generate_series(1, 1200000) g; checkpoint; drop table if exists alone_${round}`,
    );
    return { former, successor };
  } finally {
    killContainer(container);
    // The pod's other containers.
    signalPod(own, "SIGCONT");
  }
}

/** Waits for pg_rewind in this pod, and lets it copy for a moment. Returns its process. */
async function untilRewinding(pod: string): Promise<number> {
  const uid = await engine().uidOf(pod);
  for (const deadline = Date.now() + AFTER_LEASE * 1000; Date.now() < deadline; await sleep(20)) {
    const pid = rewindOf(uid);
    if (pid === undefined) continue;
    await sleep(100);
    // A first one may end at once.
    if (rewindOf(uid) === pid) return pid;
  }
  throw new Error(`${pod}: no pg_rewind copied within ${AFTER_LEASE} s`);
}
const rewindOf = (uid: string): number | undefined =>
  processesOfPod(uid).find((pid) => readFrom(`/proc/${pid}/comm`).trim() === "pg_rewind");

test.each(ROUNDS)("pg_rewind is killed halfway, and the member recovers by itself (round %i)", async (round) => {
  const { samples, report } = await sampledDuring(under, "pg_rewind is killed", async () => {
    const { former } = await diverge(2 * round);
    process.kill(await untilRewinding(former), "SIGKILL");
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(2 * AFTER_LEASE);
});

// Kubernetes starts the source again, or another member takes over.
test.each(ROUNDS)("the source of pg_rewind is killed halfway, and both members recover (round %i)", async (round) => {
  const { samples, report } = await sampledDuring(under, "the source of pg_rewind is killed", async () => {
    const { former, successor } = await diverge(2 * round + 1);
    const source = await engine().containerId(successor);
    const rewind = await untilRewinding(former);
    process.kill(rewind, 0); // throws if it has ended meanwhile
    killContainer(source);
    await under.writers.untilWriting(AFTER_LEASE + SOON);
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(2 * AFTER_LEASE);
});
