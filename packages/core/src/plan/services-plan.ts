import { names } from "../names";
import { ports } from "../ports";
import type { Claim, Limits } from "../rules/connection-budget";
import { Balance, type ClusterSpec, type ServiceSpec } from "../spec";
import { selectServers } from "../selectors/select";
import { definedOnly } from "./defined-only";
import { defaultServerOptions } from "./ha-plan";
import { poolShare } from "./claims-plan";
import { planPool } from "./pool-plan";
import { poolerPlaces, type PoolerPlace } from "./pooler-places";
import { followsPrimary, isPooled, portNumber } from "./service-meaning";
import type { ClusterFacts, PlannedService } from "./types";

/** The four services that every cluster has, as Pigsty defines them. */
export const defaultServices: ServiceSpec[] = [
  { name: "primary", port: ports.service.primary, destination: "pgbouncer", checkPath: "/primary", selector: "[]" },
  {
    name: "replica",
    port: ports.service.replica,
    destination: "pgbouncer",
    checkPath: "/read-only",
    // Pigsty says []: it has no delayed members within a cluster.
    selector: "[? pg_role != `delayed`]",
    selectorBackup: "[? pg_role == `primary` || pg_role == `offline`]",
  },
  { name: "default", port: ports.service.default, destination: "postgres", checkPath: "/primary", selector: "[]" },
  {
    name: "offline",
    port: ports.service.offline,
    destination: "postgres",
    checkPath: "/replica",
    selector: "[? pg_role == `offline` || pg_offline_query]",
    selectorBackup: "[? pg_role == `replica` && !pg_offline_query]",
  },
];

/** The services asked for: the defaults, each with what the person changed of it, then the person's own. */
export function effectiveServices(spec: ClusterSpec): ServiceSpec[] {
  const own = spec.services ?? [];
  const kept = defaultServices.filter((d) => spec.defaultServices?.includes(d.name) ?? true);
  const changed = kept.map((d) => ({ ...d, ...definedOnly(own.find((s) => s.name === d.name)) }));
  return [...changed, ...own.filter((s) => !kept.some((d) => d.name === s.name))];
}

/** On Kubernetes a gateway is a pod, which goes when its node does: there are two. */
export const gatewaysOf = (spec: { docker?: unknown; gateways?: number }): number =>
  spec.gateways ?? (spec.docker === undefined ? 2 : 1);

/** Places of the poolers of one gateway's services. */
export const placesOf = (
  facts: Pick<ClusterFacts, "platform" | "poolerLink">,
  services: ServiceSpec[],
): Map<string, PoolerPlace> =>
  poolerPlaces(
    facts,
    services.filter(isPooled).map((spec) => ({ name: spec.name, followsPrimary: followsPrimary(spec) })),
  );

/** Clients of one service that HAProxy holds at once, those that wait for a connection included. */
const MOST_CLIENTS = 3000;

/** What the budget says of a service: nothing where it does not lead to Postgres. */
export interface Budget {
  claim: Claim;
  limits: Limits;
}

export function planService(
  facts: ClusterFacts,
  spec: ServiceSpec,
  budget?: Budget,
  place?: PoolerPlace,
): PlannedService {
  const primaryOnly = followsPrimary(spec);
  const bind = spec.bindAddress === "*" ? "0.0.0.0" : spec.bindAddress;
  const pooled = isPooled(spec) && budget !== undefined;
  return {
    name: spec.name,
    fullName: names.service(facts.name, spec.name),
    port: spec.port,
    bindAddress: bind ?? facts.bindAddress,
    memberPort: portNumber(spec.destination ?? "pgbouncer"),
    pool: pooled ? planPool(facts.pool, spec.pool, poolShare(budget.limits, budget.claim)) : undefined,
    poolerBackend: place?.backend,
    poolerPort: place?.port,
    kubernetes: spec.kubernetes,
    checkPort: portNumber(spec.checkPort ?? "patroni"),
    checkPath: spec.checkPath ?? "/",
    checkCode: spec.checkCode ?? 200,
    followsPrimary: primaryOnly,
    servers: selectServers(facts.members, spec.selector ?? "[]", spec.selectorBackup),
    limits: budget?.limits,
    maxconn: mostClients(spec, budget),
    balance: spec.haproxy?.balance ?? Balance.RoundRobin,
    defaultServerOptions: spec.haproxy?.defaultServerOptions ?? defaultServerOptions(facts.haMode, primaryOnly),
  };
}

/** The `maxconn` that a person writes for a direct service is what reaches a member; who is over it waits. */
function mostClients({ haproxy = {} }: ServiceSpec, budget?: Budget): number {
  const waits = budget !== undefined && !budget.claim.pooled;
  return waits ? Math.max(MOST_CLIENTS, haproxy.maxconn ?? 0) : (haproxy.maxconn ?? MOST_CLIENTS);
}
