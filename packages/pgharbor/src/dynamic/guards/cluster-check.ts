import { checkClusterChange, type NamedCluster } from "@pgharbor/core";
import type { Handler } from "../provider/handler";

/**
 * Compares with the state in `check`, so that already the preview of an impossible change fails. A new cluster has no state, and a
 * cluster that was never created may still change (`isCreated`, called only before a refusal).
 */
export const clusterCheck =
  <Inputs extends { cluster: string }>(
    asSpec: (inputs: Inputs) => NamedCluster,
    isCreated: (inputs: Inputs) => Promise<boolean> = async () => true,
  ): NonNullable<Handler<Inputs>["check"]> =>
  async (olds, news) => {
    const problems = olds.cluster === undefined ? [] : checkClusterChange(asSpec(olds), asSpec(news));
    const binding = problems.length > 0 && (await isCreated(olds)) ? problems : [];
    return { inputs: news, failures: binding.map((p) => ({ property: p.path, reason: p.message })) };
  };
