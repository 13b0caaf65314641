import { eventually } from "../eventually";
import { Writers } from "../writers";
import { FaultCluster } from "./fault-cluster";
import { SOON, type UnderFaults } from "./fault-test";

/** A cluster on any platform. */
interface WithLeader {
  engine: { leader(): Promise<string> };
}

/** Repetitions of each test in files that run only when the layer is named: PGHARBOR_ROUNDS=10 npm test -- faults. */
export const ROUNDS = Array.from({ length: Number(process.env.PGHARBOR_ROUNDS ?? 1) }, (_, i) => i + 1);

/** A cluster with three etcd members under the clients' load, for all tests of a file. */
export function clusterUnderFaults(name: string): () => UnderFaults {
  let under: UnderFaults | undefined;
  let cluster: FaultCluster | undefined;
  beforeAll(async () => {
    cluster = await FaultCluster.up(name, 3);
    under = { cluster, writers: await Writers.start(cluster.connection()) };
  });
  afterAll(async () => {
    await under?.writers.stop();
    await cluster?.remove();
  });
  return () => {
    if (under === undefined) throw new Error("there is no cluster: see the first error");
    return under;
  };
}

/** Waits for a leader and returns it. */
export async function leaderOf({ cluster }: { cluster: WithLeader }): Promise<string> {
  let found = "";
  await eventually(async () => (found = await cluster.engine.leader()), SOON);
  return found;
}
