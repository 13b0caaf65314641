import { leaderOf, ROUNDS } from "../../support/faults/by-name";
import { AFTER_LEASE, expectHitless, type UnderFaults } from "../../support/faults/fault-test";
import { formerWorkers, reloadHaproxy } from "../../support/faults/haproxy-reload";
import { expectOnePrimary, sampledDuring } from "../../support/faults/sampled";
import { signalPod } from "../../support/kubernetes/container-processes";
import type { KubernetesFaultCluster } from "../../support/kubernetes/fault-cluster";
import { sayReport } from "../../support/writers";

/** A primary whose pod freezes until another leads, and then thaws. */
export function testFrozenPrimary(shared: () => UnderFaults<KubernetesFaultCluster>): void {
  const engine = () => shared().cluster.engine;

  test.each(ROUNDS)("it acknowledges no write and delays no client when it thaws (round %i)", async () => {
    await freezeAndThaw("the frozen primary thaws");
  });

  test.each(ROUNDS)("sessions from before a reload of HAProxy are cut, too (round %i)", async () => {
    for (const { metadata } of await engine().pods("gateway")) {
      const haproxy = (script: string) =>
        engine().kubectl("exec", metadata.name, "-c", "haproxy", "--", "sh", "-euc", script);
      await reloadHaproxy(haproxy);
      expect(await formerWorkers(haproxy)).toBeGreaterThan(0);
    }
    await freezeAndThaw("the primary that froze after a reload thaws");
  });

  /** Clients wait for the lease while it is frozen, and for nothing when it thaws. */
  async function freezeAndThaw(event: string): Promise<void> {
    const before = await leaderOf(shared());
    let frozenGap = 0;
    const { samples, report } = await sampledDuring(shared(), event, async () => {
      frozenGap = await frozenUntilWriting(before);
    });
    expectOnePrimary(samples);
    expect(samples.writable).toHaveLength(2);
    expect(samples.writable[0]).toBe(`${before}.shop-members`);
    // The old primary's hook must not pause poolers, which belong to the new primary by now.
    expectHitless(report);
    expect(report.longestGapSeconds).toBeLessThan(frozenGap / 2);
  }

  /**
   * Stops every process of a pod until clients write again. The next report covers what follows.
   * @returns how long they waited
   */
  async function frozenUntilWriting(pod: string): Promise<number> {
    const uid = await engine().uidOf(pod);
    signalPod(uid, "SIGSTOP");
    try {
      await shared().writers.untilWriting(AFTER_LEASE);
      const report = await shared().writers.report();
      sayReport("freeze of the primary", report);
      expect(report.lost).toEqual([]);
      expect(report.longestGapSeconds).toBeLessThan(AFTER_LEASE);
      return report.longestGapSeconds;
    } finally {
      signalPod(uid, "SIGCONT");
    }
  }
}
