import { addedBudget, checkService } from "../rules/service";
import { InvalidSpec } from "../rules/problem";
import type { ServiceSpec } from "../spec";
import { planCertificates } from "./certificates-plan";
import { planIdentities } from "./identities-plan";
import { planServiceGateway } from "./gateway-plan";
import { placesOf, planService } from "./services-plan";
import type { ClusterFacts, PlannedService, ServicePlan } from "./types";

/**
 * One more service of a running cluster, in containers of its own: Docker cannot publish another port of a running
 * container, and the gateway must not be replaced. Throws `InvalidSpec` with every problem.
 */
export function planAddedService(facts: ClusterFacts, taken: PlannedService[], spec: ServiceSpec): ServicePlan {
  const problems = checkService(facts, taken, spec);
  if (problems.length > 0) throw new InvalidSpec(`PgService ${JSON.stringify(spec.name)}`, problems);
  const place = placesOf(facts, [spec]).get(spec.name);
  const service = planService(facts, spec, addedBudget(facts, taken, spec), place);
  const containers = planServiceGateway(facts, service);
  return {
    service,
    containers,
    certificates: planCertificates(facts, containers),
    identities: planIdentities(containers),
  };
}
