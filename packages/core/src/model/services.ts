import { names } from "../names";
import { Balance, type KubernetesServiceSpec } from "../spec";
import type { Read } from "../read/read";
import { definedItems } from "../spec/defined-only";
import type { AskedService } from "./asked-services";
import { claimOf, poolShare } from "./claims";
import { shareOut, type Claim, type Limits } from "./connection-budget";
import { defaultServerOptions } from "./ha";
import { resolvePool } from "./pool";
import { poolerSlots, type PoolerSlot } from "./pooler-slots";
import { selectorFault } from "./selector";
import { selectServers } from "./select-servers";
import { followsPrimary, isPooled, portNumber } from "./service-meaning";
import type { ClusterModel, ResolvedMember, ResolvedService } from "./types";

/** A cluster without its services. */
export type ClusterBasis = Omit<ClusterModel, "services">;

/** A service's part of the connection budget; absent if it does not lead to Postgres. */
export interface Budget {
  claim: Claim;
  limits: Limits;
}

/** All services of a cluster, which share one connection budget. */
export function resolveServices(basis: ClusterBasis, asked: readonly AskedService[]): ResolvedService[] {
  const slots = slotsOf(basis, asked);
  const budgets = budgetsOf(basis, asked);
  return asked.map((spec) => resolveService(basis, spec, budgets.get(spec.name), slots.get(spec.name)));
}

/** By service name. */
function budgetsOf(basis: ClusterBasis, asked: readonly AskedService[]): Map<string, Budget> {
  const claims = asked.flatMap((spec) => claimOf(withSelectors(spec, basis.members), basis.members, basis) ?? []);
  const limits = shareOut(basis.maxConnections, basis.members.length, claims);
  return new Map(claims.map((claim) => [claim.service, { claim, limits: limits.get(claim.service) ?? {} }]));
}

/** Slots of the poolers of one gateway. */
export const slotsOf = (
  model: Pick<ClusterModel, "platform" | "poolerLink">,
  services: readonly AskedService[],
): Map<string, PoolerSlot> =>
  poolerSlots(
    model,
    services.filter(isPooled).map((spec) => ({ name: spec.name, followsPrimary: followsPrimary(spec) })),
  );

/** Clients of one service in HAProxy, including those that wait for a connection. */
const MOST_CLIENTS = 3000;

export function resolveService(
  basis: ClusterBasis,
  asked: AskedService,
  budget?: Budget,
  slot?: PoolerSlot,
): ResolvedService {
  const spec = withSelectors(asked, basis.members);
  const primaryOnly = followsPrimary(spec);
  const bind = spec.bindAddress === "*" ? "0.0.0.0" : spec.bindAddress;
  const pooled = isPooled(spec) && budget !== undefined;
  return {
    name: spec.name,
    fullName: names.service(basis.name, spec.name),
    port: spec.port,
    bindAddress: bind ?? basis.bindAddress,
    memberPort: portNumber(spec.destination ?? "pgbouncer"),
    pool: pooled ? resolvePool(basis.pool, spec.pool, poolShare(budget.limits, budget.claim)) : undefined,
    poolerBackend: slot?.backend,
    poolerPort: slot?.port,
    kubernetes: spec.kubernetes && resolveKubernetes(spec.kubernetes),
    checkPort: portNumber(spec.checkPort ?? "patroni"),
    checkPath: spec.checkPath ?? "/",
    checkCode: spec.checkCode ?? 200,
    followsPrimary: primaryOnly,
    servers: selectServers(basis.members, spec.selector ?? "[]", spec.selectorBackup),
    asked,
    claim: budget?.claim,
    limits: budget?.limits,
    maxconn: mostClients(spec, budget),
    balance: spec.haproxy?.balance ?? Balance.RoundRobin,
    defaultServerOptions: spec.haproxy?.defaultServerOptions ?? defaultServerOptions(basis.haMode, primaryOnly),
  };
}

/** A written `maxconn` of a direct service limits connections to a member; clients above it wait. */
function mostClients({ haproxy = {} }: AskedService, budget?: Budget): number {
  const waits = budget !== undefined && !budget.claim.pooled;
  return waits ? Math.max(MOST_CLIENTS, haproxy.maxconn ?? 0) : (haproxy.maxconn ?? MOST_CLIENTS);
}

const resolveKubernetes = ({ sourceRanges, ...settings }: Read<KubernetesServiceSpec>): KubernetesServiceSpec => ({
  ...settings,
  ...(sourceRanges === undefined ? {} : { sourceRanges: definedItems(sourceRanges) }),
});

/** An invalid selector, which is reported elsewhere, selects every member here. */
export function withSelectors<S extends AskedService>(service: S, members: ResolvedMember[]): S {
  const isGood = (text?: string) => text !== undefined && selectorFault(text, members) === undefined;
  const { selector, selectorBackup, ...rest } = service;
  return {
    ...rest,
    ...(isGood(selector) ? { selector } : {}),
    ...(isGood(selectorBackup) ? { selectorBackup } : {}),
  } as S;
}
