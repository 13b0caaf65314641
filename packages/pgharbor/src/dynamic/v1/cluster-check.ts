import { checkClusterChange, type NamedCluster } from "@pgharbor/core";
import type { Handler } from "./handler";

/**
 * Compares with the state in `check`, so that the preview of a change that cannot be made already fails. Of a new cluster there is
 * nothing to compare with.
 */
export const clusterCheck =
  <Inputs extends { cluster: string }>(
    asSpec: (inputs: Inputs) => NamedCluster,
  ): NonNullable<Handler<Inputs>["check"]> =>
  async (olds, news) => {
    const problems = olds.cluster === undefined ? [] : checkClusterChange(asSpec(olds), asSpec(news));
    return { inputs: news, failures: problems.map((p) => ({ property: p.path, reason: p.message })) };
  };
