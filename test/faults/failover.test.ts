import { Writers } from "../support/writers";
import { damagedData } from "./parts/damaged-data";
import { FaultCluster } from "../support/faults/fault-cluster";
import type { UnderFaults } from "../support/faults/fault-test";
import { formerUpstream } from "./parts/former-upstream";
import { losses } from "./parts/losses";
import { plannedMoves } from "./parts/planned-moves";
import { rollingChanges } from "./parts/rolling-changes";
import { stuckReplica } from "./parts/stuck-replica";

jest.setTimeout(600_000);

let under: UnderFaults | undefined;

const its = (): UnderFaults => {
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

plannedMoves(its);
losses(its);
stuckReplica(its);
formerUpstream(its);
damagedData(its);
rollingChanges(its);
