import { Writers } from "../support/writers";
import { testDamagedData } from "./parts/damaged-data";
import { FaultCluster } from "../support/faults/fault-cluster";
import type { UnderFaults } from "../support/faults/fault-test";
import { testFormerUpstream } from "./parts/former-upstream";
import { testLosses } from "./parts/losses";
import { testPlannedMoves } from "./parts/planned-moves";
import { testRollingChanges } from "./parts/rolling-changes";
import { testStuckReplica } from "./parts/stuck-replica";

jest.setTimeout(600_000);

let under: UnderFaults | undefined;

const shared = (): UnderFaults => {
  if (under === undefined) throw new Error("there is no cluster: see the first error");
  return under;
};

beforeAll(async () => {
  const cluster = await FaultCluster.up("tfault");
  under = { cluster, writers: await startOrRemove(cluster) };
});

afterAll(async () => {
  await under?.writers.stop();
  await under?.cluster.remove();
});

async function startOrRemove(cluster: FaultCluster): Promise<Writers> {
  try {
    return await Writers.start(cluster.connection());
  } catch (error) {
    await cluster.remove();
    throw error;
  }
}

testPlannedMoves(shared);
testLosses(shared);
testStuckReplica(shared);
testFormerUpstream(shared);
testDamagedData(shared);
testRollingChanges(shared);
