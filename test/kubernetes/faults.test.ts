import type { UnderFaults } from "../faults/fault-test";
import { KubernetesFaultCluster } from "./fault-cluster";
import { controlPlaneLosses } from "./control-plane-losses";
import { longRecovery } from "./long-recovery";
import { podLosses } from "./pod-losses";

jest.setTimeout(900_000);

let under: UnderFaults<KubernetesFaultCluster> | undefined;

const its = (): UnderFaults<KubernetesFaultCluster> => {
  if (under === undefined) throw new Error("there is no cluster: see the first error");
  return under;
};

beforeAll(async () => {
  const cluster = await KubernetesFaultCluster.up("faults");
  under = { cluster, writers: await cluster.startWriters() };
});

afterAll(async () => {
  await under?.writers.stop();
  await under?.cluster.remove();
});

podLosses(its);
longRecovery(its);
controlPlaneLosses(its);
