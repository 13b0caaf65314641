import type { UnderFaults } from "../support/faults/fault-test";
import { KubernetesFaultCluster } from "../support/kubernetes/fault-cluster";
import { testControlPlaneLosses } from "./parts/control-plane-losses";
import { testFrozenPrimary } from "./parts/frozen-primary";
import { testLongRecovery } from "./parts/long-recovery";
import { testPodLosses } from "./parts/pod-losses";

jest.setTimeout(900_000);

let under: UnderFaults<KubernetesFaultCluster> | undefined;

const shared = (): UnderFaults<KubernetesFaultCluster> => {
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

testPodLosses(shared);
describe("a primary that freezes until another took over", () => testFrozenPrimary(shared));
testLongRecovery(shared);
testControlPlaneLosses(shared);
