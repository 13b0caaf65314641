import { names } from "../names";
import { mergedPool } from "../plan/pool-plan";
import { followsPrimary, isPooled } from "../plan/services-plan";
import type { ClusterFacts, PlannedService } from "../plan/types";
import type { PoolSpec, ServiceSpec } from "../spec";
import { checkKubernetesService } from "./kubernetes-services";
import { checkPoolSizes } from "./pool";
import { addedMaxDbConnections, checkPoolBudget, type BudgetPool } from "./pool-budget";
import { problemsOf, show, type Problem } from "./problem";
import type { Read } from "./read";
import { readService } from "./readers";
import { checkServiceFields } from "./service-fields";

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
    ...addedBudget(facts, taken, read),
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
  if (!isPooled(read as ServiceSpec)) return [];
  const cluster: PoolSpec = { maxDbConnections: facts.pool?.maxDbConnections };
  const byDefault = addedShare(facts, taken, read as ServiceSpec);
  return checkPoolSizes({ cluster, own: read.pool as PoolSpec | undefined, at: "pool" }, byDefault);
}

function addedBudget(facts: ClusterFacts, taken: PlannedService[], read: Read<ServiceSpec>): Problem[] {
  if (!isPooled(read as ServiceSpec)) return [];
  const pool = mergedPool(facts.pool, read.pool as PoolSpec | undefined);
  const added: BudgetPool = {
    service: read.name ?? "",
    gateways: addedGateways(facts),
    maxDbConnections: pool.maxDbConnections ?? addedShare(facts, taken, read as ServiceSpec),
    at: "pool.maxDbConnections",
    followsPrimary: followsPrimary(read as ServiceSpec),
  };
  const others = taken.flatMap((s): BudgetPool[] =>
    s.pool === undefined || !s.followsPrimary
      ? []
      : [{ ...added, service: s.name, gateways: facts.gateways, ...s.pool, at: undefined, followsPrimary: true }],
  );
  const pools = added.followsPrimary ? [...others, added] : [added];
  return checkPoolBudget(
    facts.maxConnections,
    facts.members.length,
    pools,
    "of the cluster's pool and of this service",
  );
}

/** What a service that is added takes by default: of the primary's connections what the others leave, of the replicas' its own. */
export function addedShare(facts: ClusterFacts, taken: PlannedService[], spec: ServiceSpec): number {
  const others = followsPrimary(spec) ? taken.filter((s) => s.pool !== undefined && s.followsPrimary) : [];
  const used = others.reduce((sum, s) => sum + facts.gateways * (s.pool?.maxDbConnections ?? 0), 0);
  const share = addedMaxDbConnections(facts.maxConnections, facts.members.length, used);
  return Math.max(1, Math.floor(share / addedGateways(facts)));
}

/** On Kubernetes a service that is added has as many gateways as the cluster. */
const addedGateways = (facts: ClusterFacts): number => (facts.platform === "kubernetes" ? facts.gateways : 1);
