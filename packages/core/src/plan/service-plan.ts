import { addedBudget } from "../model/added-service";
import { checkService } from "../rules/services/service";
import { InvalidSpec } from "../errors";
import type { ServiceSpec } from "../spec";
import { planCertificates } from "./certificates-plan";
import { planIdentities } from "./identities-plan";
import { planServiceGateway } from "./gateway-plan";
import { slotsOf, resolveService } from "../model/services";
import type { ClusterModel, ResolvedService } from "../model/types";
import type { ServicePlan } from "./types";

/**
 * One more service of a running cluster, in separate containers: Docker cannot publish another port of a running container, and the gateway
 * must not be replaced. Throws `InvalidSpec` with all problems.
 */
export function planAddedService(model: ClusterModel, taken: ResolvedService[], spec: ServiceSpec): ServicePlan {
  const problems = checkService(model, taken, spec);
  if (problems.length > 0) throw new InvalidSpec(`PgService ${JSON.stringify(spec.name)}`, problems);
  const slot = slotsOf(model, [spec]).get(spec.name);
  const service = resolveService(model, spec, addedBudget(model, taken, spec), slot);
  const gateway = planServiceGateway(model, service);
  return {
    service,
    gateway,
    certificates: planCertificates(model, gateway.containers),
    identities: planIdentities(gateway.containers),
  };
}
