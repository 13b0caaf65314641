import type { AskedService } from "./asked-services";
import { claimOf } from "./claims";
import { addedLimits, type Taken } from "./connection-budget";
import { withSelectors, type Budget } from "./services";
import type { ClusterModel, ResolvedService } from "./types";

export const takenOf = (model: ClusterModel, taken: ResolvedService[]): Taken[] =>
  taken.flatMap((one) =>
    one.limits === undefined
      ? []
      : [{ service: one.name, gateways: model.gateways, pooled: one.pool !== undefined, limits: one.limits }],
  );

/** Default limits of an added service, taken from what the others leave. */
export function addedBudget(model: ClusterModel, taken: ResolvedService[], asked: AskedService): Budget | undefined {
  const claim = claimOf(withSelectors(asked, model.members), model.members, {
    gateways: addedGateways(model),
    pool: model.pool,
  });
  if (claim === undefined) return undefined;
  const limits = addedLimits(model.maxConnections, model.members.length, claim, takenOf(model, taken));
  return { claim, limits };
}

/** On Kubernetes an added service has as many gateways as the cluster. */
const addedGateways = (model: ClusterModel): number => (model.platform === "kubernetes" ? model.gateways : 1);
