import { setTimeout as sleep } from "node:timers/promises";
import { startComponent, stopComponent, type ComponentName } from "@pgharbor/toolchain";
import { during, expectHitless, SOON, timeline, TTL, type UnderFaults } from "../../support/faults/fault-test";
import { Newcomers } from "../../support/newcomers";
import type { KubernetesFaultCluster } from "../../support/kubernetes/fault-cluster";

/** Kubernetes' own components fail. Pods keep running, and so must the primary: no client may notice. */
export function testControlPlaneLosses(shared: () => UnderFaults<KubernetesFaultCluster>): void {
  /** The longest time in which no new connection succeeded. */
  async function without(component: ComponentName, called: string, seconds: number): Promise<number> {
    const { cluster } = shared();
    if (cluster.kubernetes.node === undefined)
      throw new Error(`only a node brought up here lets its ${component} stop`);
    const before = await stateOf(cluster);
    const newcomers = new Newcomers(cluster.connection());
    let unanswered = NaN;
    const happen = async () => {
      await stopComponent(component);
      await sleep(seconds * 1000).finally(() => startComponent(component));
      await untilAllReady();
      await newcomers.untilAnswered(SOON);
      unanswered = await newcomers.stop();
    };
    const more = () => `, new connections unanswered for ${unanswered} s`;
    const report = await during(shared(), `${called} stopped for ${seconds} s`, happen, { more }).finally(() =>
      newcomers.stop(),
    );
    expectHitless(report);
    // Writes continued all the time, to the same primary.
    expect(report.longestGapSeconds).toBeLessThan(TTL / 2);
    expect(await stateOf(cluster)).toEqual(before);
    return unanswered;
  }

  const stateOf = async (cluster: KubernetesFaultCluster) => ({
    leader: await cluster.engine.leader(),
    timeline: await timeline(cluster),
    lives: await cluster.engine.lives(),
  });

  // Services drop a node's pods once the node is silent for 40 s, and this is the only node: new connections fail until
  // it is back. Elsewhere, gateways on other nodes accept them.
  test("without its node's kubelet the same primary continues", async () => {
    expect(await without("kubelet", "the node's kubelet", 60)).toBeLessThan(60);
  });

  test("without the API server the same primary continues, because every member answers it", async () => {
    expect(await without("apiserver", "the API server", 120)).toBeLessThan(TTL);
  });

  /** Waits until the API server and the kubelet are in sync again. */
  async function untilAllReady(): Promise<void> {
    const { engine } = shared().cluster;
    const selector = `pgharbor.cluster=${engine.cluster}`;
    const ready = () => engine.kubectl("wait", "--for=condition=Ready", "pods", "-l", selector, "--timeout=60s");
    for (const deadline = Date.now() + 60_000; ; await sleep(500)) {
      if (
        await ready().then(
          () => true,
          () => false,
        )
      )
        return;
      if (Date.now() > deadline) throw new Error("the pods are not ready a minute after all runs again");
    }
  }
}
