import { setTimeout as sleep } from "node:timers/promises";
import { during, expectHitless, SOON, TTL, untilSettled, type UnderFaults } from "../faults/fault-test";
import { MemberSampler, type Samples } from "../support/member-sampler";
import { killContainer } from "./container-processes";
import type { KubernetesFaultCluster } from "./fault-cluster";

/** What Kubernetes does to pods on purpose, which no client may notice, and what nobody asked for. */
export function podLosses(its: () => UnderFaults<KubernetesFaultCluster>): void {
  const engine = () => its().cluster.engine;

  test("the primary's pod, deleted, fails no transaction", async () => {
    const before = await engine().leader();
    const report = await during(its(), "the primary's pod deleted", async () => {
      await engine().kubectl("delete", "pod", before, "--wait=false");
      await untilAnother(before);
    });
    expectHitless(report);
  });

  test("the primary's pod, evicted, fails no transaction, and a second eviction must wait", async () => {
    const before = await engine().leader();
    const standby = (await engine().members()).map((m) => m.Member).find((member) => member !== before)!;
    let second = "";
    const report = await during(its(), "the primary's pod evicted", async () => {
      await evict(before);
      second = await evict(standby).catch((error: Error) => error.message);
      await untilAnother(before);
    });
    expect(second).toContain("would violate the pod's disruption budget");
    expectHitless(report);
    // With all members back, the budget lets the next one go.
    const next = await during(its(), "a standby's pod evicted", () => evict(standby).then(() => sleep(1000)));
    expectHitless(next);
  });

  test("a killed container of the primary starts again, or another member takes over", async () => {
    const { gap } = await sampled("kill -9 of all in the primary's container", async () => {
      killContainer(await engine().containerId(await engine().leader()));
      await sleep(1000);
    });
    expect(gap).toBeLessThan(SOON);
  });

  test("killed twice, a primary does not keep the lock while Kubernetes holds its restart back", async () => {
    const leader = await engine().leader();
    const { gap, samples } = await sampled("kill -9 of all in the primary's container, twice", async () => {
      killContainer(await engine().containerId(leader));
      await its().writers.untilWriting(SOON);
      await untilSettled(its().cluster, 3);
      if ((await engine().leader()) !== leader)
        await engine().exec(leader, "pgharbor-patroni", "switchover", "--to", leader);
      killContainer(await engine().containerId(leader));
      await its().writers.untilWriting(SOON);
      expect(await waitingReason(leader)).toBe("CrashLoopBackOff");
    });
    expect(gap).toBeLessThan(TTL / 2);
    expect(samples.lost).toBe(0);
    expect(samples.writable.at(-1)).not.toBe(`${leader}.shop-members`);
  });

  const waitingReason = (pod: string): Promise<string> => {
    const patroni = `{.status.containerStatuses[?(@.name=="patroni")].state.waiting.reason}`;
    return engine().kubectl("get", "pod", pod, "-o", `jsonpath=${patroni}`);
  };

  const evict = (pod: string): Promise<string> =>
    its().cluster.kubernetes.kubectl(
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

  async function sampled(event: string, happen: () => Promise<void>): Promise<{ samples: Samples; gap: number }> {
    const { cluster } = its();
    const { direct, ca, addresses } = cluster.connection();
    const sampler = await MemberSampler.start({ uri: direct, ca, addresses }, await cluster.engine.addresses());
    let samples: Samples | undefined;
    const report = await during(its(), event, happen).finally(async () => (samples = await sampler.stop()));
    process.stderr.write(`  ${samples!.taken} samples; acknowledged by ${samples!.writable.join(", then ")}\n`);
    return { samples: samples!, gap: report.longestGapSeconds };
  }
}
