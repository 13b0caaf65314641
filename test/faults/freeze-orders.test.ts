import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../support/eventually";
import { clusterUnderFaults, leaderOf, ROUNDS } from "../support/faults/by-name";
import { AFTER_LEASE, SOON, TTL } from "../support/faults/fault-test";
import { expectOnePrimary, sampledDuring } from "../support/faults/sampled";

/** A primary freezes or is lost, and so does its successor. They come back in any order. */
jest.setTimeout(900_000);

const shared = clusterUnderFaults("torders");

interface Step {
  readonly text: string;
  run(seen: Seen): Promise<void>;
}
/** The members that are frozen or lost, in this order. */
type Seen = string[];

const container = (name: string) => shared().cluster.engine.docker.getContainer(name);

const another = (seen: Seen): string =>
  [1, 2, 3].map((n) => `${shared().cluster.name}-m${n}`).find((name) => !seen.includes(name))!;

const step = (text: string, run: (seen: Seen) => Promise<void>): Step => ({ text, run });
const freeze = step("freeze", async (seen) => {
  const member = await leaderOf(shared());
  seen.push(member);
  // A busy kernel may fail to freeze all of the container's processes at once.
  await eventually(() => container(member).pause(), SOON);
});
const lose = step("loss", async (seen) => {
  const member = await leaderOf(shared());
  seen.push(member);
  await container(member).kill();
});
const loseReplica = step("loss of a replica", async (seen) => {
  const member = another(seen);
  seen.push(member);
  await container(member).kill();
});
const takeover = step("takeover", async () => {
  await shared().writers.untilWriting(AFTER_LEASE);
  // Waits until the new primary counts only the members that run.
  await sleep(TTL * 1000);
});
const aMoment = step("a moment", () => sleep((TTL / 4) * 1000));
const aLease = step("a lease", () => sleep(1.5 * TTL * 1000));
const thaw = (n: number): Step => step(`thaw ${n}`, (seen) => container(seen[n - 1]).unpause());
const start = (n: number): Step => step(`return ${n}`, (seen) => container(seen[n - 1]).start());

const ORDERS: Step[][] = [
  [freeze, aMoment, thaw(1)],
  [freeze, takeover, thaw(1)],
  [freeze, takeover, lose, takeover, thaw(1), start(2)],
  [freeze, takeover, lose, takeover, start(2), thaw(1)],
  [freeze, takeover, lose, thaw(1), takeover, start(2)],
  [lose, takeover, freeze, takeover, start(1), thaw(2)],
  [lose, takeover, freeze, takeover, thaw(2), start(1)],
  [freeze, takeover, freeze, takeover, thaw(2), thaw(1)],
  [freeze, takeover, freeze, takeover, thaw(1), thaw(2)],
  [freeze, loseReplica, aLease, thaw(1), start(2)],
  [freeze, loseReplica, aLease, start(2), thaw(1)],
];
const cases = ROUNDS.flatMap((round) =>
  ORDERS.map((steps) => ({ round, text: steps.map(({ text }) => text).join(", "), steps })),
);

test.each(cases)("$text (round $round)", async ({ text, steps }) => {
  const seen: Seen = [];
  const { samples, report } = await sampledDuring(shared(), text, async () => {
    for (const { run } of steps) await run(seen);
    await shared().writers.untilWriting(AFTER_LEASE);
  });
  expectOnePrimary(samples);
  expect(report.longestGapSeconds).toBeLessThan(2 * AFTER_LEASE);
});
