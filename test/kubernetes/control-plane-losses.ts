import { setTimeout as sleep } from "node:timers/promises";
import { startComponent, stopComponent, type ComponentName } from "@pgharbor/toolchain";
import { during, expectHitless, type UnderFaults } from "../faults/fault-test";
import type { KubernetesFaultCluster } from "./fault-cluster";

/** What Kubernetes itself may lack for a while. Pods go on, and so must the primary: no client may notice. */
export function controlPlaneLosses(its: () => UnderFaults<KubernetesFaultCluster>): void {
  test.each<[ComponentName, string, number]>([
    ["kubelet", "the node's kubelet", 60],
    ["apiserver", "the API server", 120],
  ])("without %s the same primary goes on", async (component, called, seconds) => {
    const { kubernetes, engine } = its().cluster;
    if (kubernetes.node === undefined) throw new Error(`only a node brought up here lets its ${component} be stopped`);
    const [before, lives] = [await engine.leader(), await engine.lives()];
    const report = await during(its(), `${called} stopped for ${seconds} s`, async () => {
      await stopComponent(component);
      await sleep(seconds * 1000).finally(() => startComponent(component));
    });
    expectHitless(report);
    expect(await engine.leader()).toBe(before);
    expect(await engine.lives()).toEqual(lives);
  });
}
