import { checkClusterChange, type NamedCluster } from "@pgharbor/core";
import type { Handler } from "../provider/handler";

/**
 * Compares with the state in `check`, so that the preview of a change that cannot be made already fails. Of a new cluster there is
 * nothing to compare with, and of one that never came to be (`isMade`, asked only before a refusal) nothing to hold on to.
 */
export const clusterCheck =
  <Inputs extends { cluster: string }>(
    asSpec: (inputs: Inputs) => NamedCluster,
    isMade: (inputs: Inputs) => Promise<boolean> = async () => true,
  ): NonNullable<Handler<Inputs>["check"]> =>
  async (olds, news) => {
    const problems = olds.cluster === undefined ? [] : checkClusterChange(asSpec(olds), asSpec(news));
    const binding = problems.length > 0 && (await isMade(olds)) ? problems : [];
    return { inputs: news, failures: binding.map((p) => ({ property: p.path, reason: p.message })) };
  };
