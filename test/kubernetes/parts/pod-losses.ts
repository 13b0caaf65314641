import { setTimeout as sleep } from "node:timers/promises";
import { during, expectHitless, SOON, TTL, untilSettled, type UnderFaults } from "../../support/faults/fault-test";
import { beginLong } from "../../support/faults/long-transaction";
import { expectOnePrimary, sampledDuring } from "../../support/faults/sampled";
import { killContainer } from "../../support/kubernetes/container-processes";
import type { KubernetesFaultCluster } from "../../support/kubernetes/fault-cluster";

/** Planned deletions of pods, which no client may notice, and unplanned faults. */
export function testPodLosses(shared: () => UnderFaults<KubernetesFaultCluster>): void {
  const engine = () => shared().cluster.engine;

  test("the deletion of the primary's pod fails no transaction, even if it takes seconds", async () => {
    const before = await engine().leader();
    const report = await during(shared(), "the primary's pod deleted", async () => {
      const { committed } = await beginLong(shared().cluster.connection());
      await engine().kubectl("delete", "pod", before, "--wait=false");
      await committed;
      await untilAnother(before);
    });
    expectHitless(report);
  });

  test("the eviction of the primary's pod fails no transaction, and a second eviction must wait", async () => {
    const before = await engine().leader();
    const aStandby = async () => (await engine().members()).find(({ Role }) => Role !== "Leader")!.Member;
    const standby = await aStandby();
    let second = "";
    const report = await during(shared(), "the primary's pod evicted", async () => {
      await evict(before);
      second = await evict(standby).catch((error: Error) => error.message);
      await untilAnother(before);
    });
    expect(second).toContain("would violate the pod's disruption budget");
    expectHitless(report);
    // The budget allows the next eviction once all members are back. The former primary may lead again by now.
    const another = await aStandby();
    const next = await during(shared(), "a standby's pod evicted", () => evict(another).then(() => sleep(1000)));
    expectHitless(next);
  });

  test("a killed container of the primary is restarted, or another member takes over", async () => {
    const { samples, report } = await sampledDuring(shared(), "kill -9 of all in the primary's container", async () => {
      killContainer(await engine().containerId(await engine().leader()));
      await sleep(1000);
    });
    expectOnePrimary(samples);
    expect(report.longestGapSeconds).toBeLessThan(SOON);
  });

  test("a primary that is killed twice does not keep the lock while Kubernetes delays its restart", async () => {
    const leader = await engine().leader();
    let [killedAt, heldBack] = [NaN, ""];
    const { samples } = await sampledDuring(shared(), "kill -9 of all in the primary's container, twice", async () => {
      killContainer(await engine().containerId(leader));
      await shared().writers.untilWriting(SOON);
      await untilSettled(shared().cluster, 3);
      if ((await engine().leader()) !== leader)
        await engine().exec(leader, "pgharbor-patroni", "switchover", "--to", leader);
      const container = await engine().containerId(leader);
      killedAt = Date.now();
      killContainer(container);
      heldBack = await untilHeldBack(leader);
      await shared().writers.untilWriting(SOON);
    });
    expectOnePrimary(samples);
    // All members are back since then.
    const restart = (await startedAt(leader)) - killedAt;
    const next = samples.acknowledged.find(({ at, member }) => at > killedAt && member !== `${leader}.shop-members`);
    if (next === undefined) throw new Error(`no other member than ${leader} took a write: ${heldBack}`);
    process.stderr.write(
      `  another wrote after ${seconds(next.at - killedAt)}, it ran after ${seconds(restart)}; ${heldBack}\n`,
    );
    expect(next.at - killedAt).toBeLessThan(restart);
    expect(samples.writable.at(-1)).not.toBe(`${leader}.shop-members`);
  });

  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
  const stateOf = (pod: string, field: string): Promise<string> => {
    const path = `jsonpath={.status.containerStatuses[?(@.name=="patroni")].state.${field}}`;
    return engine().kubectl("get", "pod", pod, "-o", path);
  };
  /** Kubernetes rounds this time to whole seconds, and never up. */
  const startedAt = async (pod: string): Promise<number> => Date.parse(await stateOf(pod, "running.startedAt"));

  /** The kubelet's message for a delayed restart: `back-off 10s restarting failed container=patroni`. */
  async function untilHeldBack(pod: string): Promise<string> {
    for (const deadline = Date.now() + TTL * 1000; ; await sleep(200)) {
      if ((await stateOf(pod, "waiting.reason")) === "CrashLoopBackOff") return stateOf(pod, "waiting.message");
      if (Date.now() > deadline)
        throw new Error(`${pod}: its restart is not held back: no CrashLoopBackOff in ${TTL} s`);
    }
  }

  const evict = (pod: string): Promise<string> =>
    shared().cluster.kubernetes.kubectl(
      ["create", "--raw", `/api/v1/namespaces/${engine().namespace}/pods/${pod}/eviction`, "-f", "-"],
      JSON.stringify({
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: pod, namespace: engine().namespace },
      }),
    );

  async function untilAnother(before: string): Promise<void> {
    for (const deadline = Date.now() + SOON * 1000; ; await sleep(500)) {
      if (
        (await engine()
          .leader()
          .catch(() => before)) !== before
      )
        return;
      if (Date.now() > deadline) throw new Error(`${before} still leads after ${SOON} s`);
    }
  }
}
