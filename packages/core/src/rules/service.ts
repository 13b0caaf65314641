import { names } from "../names";
import { planClaim, poolShare } from "../plan/claims-plan";
import { isPooled } from "../plan/service-meaning";
import type { Budget } from "../plan/services-plan";
import type { ClusterFacts, PlannedService } from "../plan/types";
import type { PoolSpec, ServiceSpec } from "../spec";
import { addedLimits, checkBudget, type Taken } from "./connection-budget";
import { checkKubernetesService } from "./kubernetes-services";
import { checkPoolSizes } from "./pool";
import { problemsOf, show, type Problem } from "./problem";
import type { Read } from "./read";
import { readService } from "./readers";
import { checkServiceFields } from "./service-fields";
import { readable } from "./services";

/** One more service of a running cluster. Paths are those of its arguments. */
export function checkService(facts: ClusterFacts, taken: PlannedService[], spec: ServiceSpec): Problem[] {
  const problems: Problem[] = [];
  const read = readService("", spec, problems) ?? {};
  const { platform } = facts;
  const named = taken.find((s) => s.name === read.name);
  // On Kubernetes it has pods, and a Service, of its own; only ports of nodes are shared.
  const ownPort = facts.autoPorts || platform === "kubernetes";
  const placed = ownPort ? undefined : taken.find((s) => s.port === read.port);
  const nodePort = read.kubernetes?.nodePort;
  const onNodes = nodePort === undefined ? undefined : taken.find((s) => s.kubernetes?.nodePort === nodePort);
  return [
    ...problems,
    ...checkServiceFields("", read, {
      members: facts.members,
      platform,
      longestContainer: addedContainer(facts, read.name),
    }),
    ...(read.kubernetes === undefined || platform !== "kubernetes"
      ? []
      : checkKubernetesService("kubernetes", read.kubernetes, facts.serviceType)),
    ...problemsOf([
      {
        when: named !== undefined,
        path: "name",
        message: `is taken by a service of the cluster, got ${show(read.name)}; choose another`,
      },
      {
        when: placed !== undefined,
        path: "port",
        message: `is taken by the service ${placed?.name}, got ${read.port}; choose another`,
      },
      {
        when: onNodes !== undefined,
        path: "kubernetes.nodePort",
        message: `is taken by the service ${onNodes?.name}, got ${nodePort}; choose another`,
      },
    ]),
    ...checkHbaOfAdded(facts, read),
    ...addedSizes(facts, taken, read),
    ...checkAddedBudget(facts, taken, read),
  ];
}

const addedContainer = ({ name, platform }: ClusterFacts, service = ""): string =>
  platform === "kubernetes"
    ? names.gatewayPooler(names.serviceGateway(name, service), service)
    : names.servicePooler(name, service);

/** A direct service beside rules that only a pooler can check. */
function checkHbaOfAdded({ hba }: ClusterFacts, read: Read<ServiceSpec>): Problem[] {
  const mixed = hba.findIndex(
    ({ user, db, addr, services }) => addr !== "world" && services === undefined && (user !== "all" || db !== "all"),
  );
  const when = mixed !== -1 && !isPooled(read as ServiceSpec);
  const message = `would let in whom hba[${mixed}] of the cluster is about: HAProxy sees addresses but neither user nor database; use "pgbouncer", or name the services of that rule`;
  return problemsOf([{ when, path: "destination", message }]);
}

/** Only those that are written here: the cluster's sizes were meant for its own, larger shares. */
function addedSizes(facts: ClusterFacts, taken: PlannedService[], read: Read<ServiceSpec>): Problem[] {
  const spec = readable(read as ServiceSpec, facts.members);
  const budget = addedBudget(facts, taken, spec);
  if (budget === undefined || !budget.claim.pooled) return [];
  const cluster: PoolSpec = { maxDbConnections: facts.pool?.maxDbConnections };
  return checkPoolSizes({ cluster, own: spec.pool, at: "pool" }, poolShare(budget.limits, budget.claim));
}

function checkAddedBudget(facts: ClusterFacts, taken: PlannedService[], read: Read<ServiceSpec>): Problem[] {
  const budget = addedBudget(facts, taken, readable(read as ServiceSpec, facts.members));
  if (budget === undefined) return [];
  const { claim, limits } = budget;
  const path = claim.pooled ? "pool.maxDbConnections" : "haproxy.maxconn";
  // Where its share is by default, the others' are what is to be lowered.
  const added = { ...claim, service: read.name ?? "", limits, path, written: claim.written ?? 0 };
  const sides = Object.keys(limits);
  const others = takenOf(facts, taken).filter((other) =>
    Object.keys(other.limits).some((side) => sides.includes(side)),
  );
  const whose = claim.pooled ? "of the cluster's pool and of this service" : "of this service";
  // The cluster's own fit one another; only what this one adds to is looked at.
  const here = others.map((other) => ({
    ...other,
    limits: Object.fromEntries(Object.entries(other.limits).filter(([side]) => sides.includes(side))),
    written: claim.pooled && other.pooled ? 1 : undefined,
  }));
  return checkBudget(facts.maxConnections, facts.members.length, [...here, added], whose);
}

const takenOf = (facts: ClusterFacts, taken: PlannedService[]): Taken[] =>
  taken.flatMap((one) =>
    one.limits === undefined
      ? []
      : [{ service: one.name, gateways: facts.gateways, pooled: one.pool !== undefined, limits: one.limits }],
  );

/** What a service that is added takes by default: what the others leave. */
export function addedBudget(facts: ClusterFacts, taken: PlannedService[], spec: ServiceSpec): Budget | undefined {
  const claim = planClaim(spec, facts.members, { gateways: addedGateways(facts), pool: facts.pool });
  if (claim === undefined) return undefined;
  const limits = addedLimits(facts.maxConnections, facts.members.length, claim, takenOf(facts, taken));
  return { claim, limits };
}

/** On Kubernetes a service that is added has as many gateways as the cluster. */
const addedGateways = (facts: ClusterFacts): number => (facts.platform === "kubernetes" ? facts.gateways : 1);
