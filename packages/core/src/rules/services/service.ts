import { names } from "../../names";
import { addedBudget, takenOf } from "../../model/added-service";
import type { AskedService } from "../../model/asked-services";
import { poolShare } from "../../model/claims";
import { isPooled } from "../../model/service-meaning";
import type { Budget } from "../../model/services";
import type { ClusterModel, ResolvedService } from "../../model/types";
import type { PoolSpec, ServiceSpec } from "../../spec";
import { checkBudget } from "./connection-budget";
import { checkKubernetesService } from "../kubernetes/services";
import { checkPoolSizes } from "./pool";
import { problemsOf, show, type Problem } from "../../errors";
import type { Read } from "../../read/read";
import { readService } from "../../read/cluster";
import { checkServiceFields } from "./service-fields";

/** All problems of an added service. Paths are those of its arguments. */
export function checkService(model: ClusterModel, taken: ResolvedService[], spec: ServiceSpec): Problem[] {
  const problems: Problem[] = [];
  const read = readService("", spec, problems) ?? {};
  const { platform } = model;
  const named = taken.find((s) => s.name === read.name);
  // On Kubernetes it has separate pods and a separate Service; only node ports are shared.
  const ownPort = model.autoPorts || platform === "kubernetes";
  const onPort = ownPort ? undefined : taken.find((s) => s.port === read.port);
  const nodePort = read.kubernetes?.nodePort;
  const onNodes = nodePort === undefined ? undefined : taken.find((s) => s.kubernetes?.nodePort === nodePort);
  const budget = addedBudget(model, taken, asAsked(read));
  return [
    ...problems,
    ...checkServiceFields("", read, {
      members: model.members,
      platform,
      longestContainer: addedContainer(model, read.name),
    }),
    ...(read.kubernetes === undefined || platform !== "kubernetes"
      ? []
      : checkKubernetesService("kubernetes", read.kubernetes, model.serviceType)),
    ...problemsOf([
      {
        when: named !== undefined,
        path: "name",
        message: `is taken by a service of the cluster, got ${show(read.name)}; choose another`,
      },
      {
        when: onPort !== undefined,
        path: "port",
        message: `is taken by the service ${onPort?.name}, got ${read.port}; choose another`,
      },
      {
        when: onNodes !== undefined,
        path: "kubernetes.nodePort",
        message: `is taken by the service ${onNodes?.name}, got ${nodePort}; choose another`,
      },
    ]),
    ...checkHbaOfAdded(model, read),
    ...(budget === undefined
      ? []
      : [...addedSizes(model, budget, read), ...checkAddedBudget(model, taken, budget, read)]),
  ];
}

const addedContainer = ({ name, platform }: ClusterModel, service = ""): string =>
  platform === "kubernetes"
    ? names.gatewayPooler(names.serviceGateway(name, service), service)
    : names.servicePooler(name, service);

/** Refuses a direct service beside rules that only a pooler can check. */
function checkHbaOfAdded({ hba }: ClusterModel, read: Read<ServiceSpec>): Problem[] {
  const mixed = hba.findIndex(
    ({ user, db, addr, services }) => addr !== "world" && services === undefined && (user !== "all" || db !== "all"),
  );
  const when = mixed !== -1 && !isPooled(read);
  const message = `would allow clients to which hba[${mixed}] of the cluster applies: HAProxy sees addresses but neither user nor database; use "pgbouncer", or name the services of that rule`;
  return problemsOf([{ when, path: "destination", message }]);
}

/** Only sizes of this service: the cluster's are meant for its own, larger limits. */
function addedSizes(model: ClusterModel, budget: Budget, read: Read<ServiceSpec>): Problem[] {
  if (!budget.claim.pooled) return [];
  const cluster: PoolSpec = { maxDbConnections: model.pool?.maxDbConnections };
  return checkPoolSizes({ cluster, own: read.pool, at: "pool" }, poolShare(budget.limits, budget.claim));
}

/** A missing name or port is reported elsewhere; the service still takes its share of the budget. */
const asAsked = (read: Read<ServiceSpec>): AskedService => ({ name: "", port: 0, ...read });

function checkAddedBudget(
  model: ClusterModel,
  taken: ResolvedService[],
  { claim, limits }: Budget,
  read: Read<ServiceSpec>,
): Problem[] {
  const path = claim.pooled ? "pool.maxDbConnections" : "haproxy.maxconn";
  // If its limit is the default, the message asks to lower the others'.
  const added = { ...claim, service: read.name ?? "", limits, path, written: claim.written ?? 0 };
  const sides = Object.keys(limits);
  const others = takenOf(model, taken).filter((other) =>
    Object.keys(other.limits).some((side) => sides.includes(side)),
  );
  const limitOwner = claim.pooled ? "of the cluster's pool and of this service" : "of this service";
  // The cluster's own services fit; only the sides that this one adds to are checked.
  const here = others.map((other) => ({
    ...other,
    limits: Object.fromEntries(Object.entries(other.limits).filter(([side]) => sides.includes(side))),
    written: claim.pooled && other.pooled ? 1 : undefined,
  }));
  return checkBudget(model.maxConnections, model.members.length, [...here, added], limitOwner);
}
