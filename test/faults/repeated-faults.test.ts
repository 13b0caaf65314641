import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../support/eventually";
import { clusterUnderFaults, leaderOf, ROUNDS } from "../support/faults/by-name";
import { AFTER_LEASE, SOON, TTL, untilSettled } from "../support/faults/fault-test";
import { expectOnePrimary, sampledDuring } from "../support/faults/sampled";

/**
 * A fault comes again, or another one comes, before the cluster has recovered. The bounds are multiples of the lease.
 */
jest.setTimeout(900_000);

const shared = clusterUnderFaults("tagain");

const container = (name: string) => shared().cluster.engine.docker.getContainer(name);
const kill9 = (member: string, pidFile: string): Promise<unknown> =>
  shared()
    .cluster.engine.exec(member, "sh", "-c", `kill -9 "$(head -n 1 ${pidFile})"`)
    .catch(() => undefined);

test.each(ROUNDS)("the postmaster of the current primary is killed three times in a row (round %i)", async () => {
  const { samples, report } = await sampledDuring(shared(), "kill -9 of the postmaster, three times", async () => {
    for (let i = 0; i < 3; i++) {
      await kill9(await leaderOf(shared()), "/var/lib/postgresql/data/pgdata/postmaster.pid");
      await sleep(10_000);
    }
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(AFTER_LEASE);
});

test.each(ROUNDS)("Patroni is killed while its postmaster lives (round %i)", async () => {
  const before = await leaderOf(shared());
  const { [before]: life } = await shared().cluster.engine.lives();
  const { samples, report } = await sampledDuring(shared(), "kill -9 of Patroni", async () => {
    await kill9(before, "/run/pgharbor/program.pid");
    await eventually(async () => expect((await shared().cluster.engine.lives())[before]).not.toBe(life), SOON);
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(AFTER_LEASE);
});

test.each(ROUNDS)("every container is killed and started again in any order (round %i)", async () => {
  const names = [...(await shared().cluster.engine.inspectAll()).keys()];
  const order = names.map((name) => ({ name, at: Math.random() })).sort((a, b) => a.at - b.at);
  process.stderr.write(`  started in this order: ${order.map(({ name }) => name).join(", ")}\n`);
  const { samples, report } = await sampledDuring(shared(), "all containers killed", async () => {
    await Promise.all(names.map((name) => container(name).kill()));
    for (const { name } of order) {
      await container(name).start();
      await sleep(Math.random() * 2000);
    }
    await shared().writers.untilWriting(AFTER_LEASE);
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(2 * AFTER_LEASE);
});

test.each(ROUNDS)("two of three etcd members and the leader are down for a while (round %i)", async () => {
  const before = await leaderOf(shared());
  const stopped = [`${shared().cluster.name}-etcd-1`, `${shared().cluster.name}-etcd-3`];
  const { samples, report } = await sampledDuring(shared(), "two of three etcd and the leader killed", async () => {
    await Promise.all(stopped.map((name) => container(name).kill()));
    // The leader continues for longer than a lease, because every member answers it.
    await sleep(1.5 * TTL * 1000);
    await shared().writers.untilWriting(SOON);
    await container(before).kill();
    await sleep(TTL * 1000);
    await Promise.all(stopped.map((name) => container(name).start()));
    await shared().writers.untilWriting(AFTER_LEASE);
    await container(before).start();
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(TTL + AFTER_LEASE);
  await untilSettled(shared().cluster, 3);
});
