import { setTimeout as sleep } from "node:timers/promises";
import { clusterUnderFaults, leaderOf, ROUNDS } from "../support/faults/by-name";
import { AFTER_LEASE, REBUILD_AFTER, SOON, TTL } from "../support/faults/fault-test";
import { expectOnePrimary, sampledDuring } from "../support/faults/sampled";

/** A former primary that pg_rewind was repairing. Its directory is then consistent with neither timeline. */
jest.setTimeout(900_000);

const shared = clusterUnderFaults("tcut");

const container = (name: string) => shared().cluster.engine.docker.getContainer(name);
const sql = (member: string, statements: string): Promise<string> => shared().cluster.engine.psql(member, statements);

/** Waits inside the member for pg_rewind, lets it copy for a moment, then runs `then`, and prints its output. */
const duringRewind = (member: string, then: string): Promise<string> =>
  shared().cluster.engine.exec(
    member,
    "sh",
    "-c",
    `rewind() { grep -lx pg_rewind /proc/[0-9]*/comm 2>/dev/null | cut -d/ -f3; }
    i=0; until p=$(rewind); [ -n "$p" ] && sleep 0.1 && kill -0 $p 2>/dev/null; do i=$((i + 1)); [ $i -lt 3000 ] || exit 1; sleep 0.02; done; ${then}`,
  );

/**
 * The primary writes what no replica has, and is lost. Its successor writes enough for pg_rewind to have something to
 * copy.
 * @returns the former primary, which is stopped, and its successor
 */
async function diverge(round: number): Promise<{ former: string; successor: string }> {
  const former = await leaderOf(shared());
  const { name } = shared().cluster;
  const replicas = [`${name}-m1`, `${name}-m2`, `${name}-m3`].filter((member) => member !== former);
  await Promise.all(replicas.map((member) => container(member).pause()));
  await sql(
    former,
    `set synchronous_commit = local; create table alone_${round} as select g, repeat('x', 500) from generate_series(1, 20000) g`,
  );
  await container(former).kill();
  await Promise.all(replicas.map((member) => container(member).unpause()));
  await shared().writers.untilWriting(AFTER_LEASE);
  const successor = await leaderOf(shared());
  await sql(
    successor,
    `create table much as select g, repeat('x', 1000) from generate_series(1, 1200000) g; checkpoint; drop table if exists alone_${round}`,
  );
  return { former, successor };
}

beforeAll(() => shared().cluster.change({ haTimings: { rebuildAfter: REBUILD_AFTER } }));
afterEach(async () => {
  await sql(await leaderOf(shared()), "drop table if exists much");
});

test.each(ROUNDS)("pg_rewind is killed halfway, and the member recovers by itself (round %i)", async (round) => {
  const { samples } = await sampledDuring(shared(), "pg_rewind is killed", async () => {
    const { former } = await diverge(2 * round);
    await container(former).start();
    expect(await duringRewind(former, 'kill -9 $(rewind) && echo "killed"')).toContain("killed");
  });
  expectOnePrimary(samples);
});

test.each(ROUNDS)("the source of pg_rewind is lost halfway, and both members recover (round %i)", async (round) => {
  const { samples, report } = await sampledDuring(shared(), "the source of pg_rewind is lost", async () => {
    const { former, successor } = await diverge(2 * round + 1);
    await container(former).start();
    await duringRewind(former, "true");
    await container(successor).kill();
    await sleep(TTL * 1000);
    await container(successor).start();
    await shared().writers.untilWriting(AFTER_LEASE + SOON);
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(2 * AFTER_LEASE);
});
