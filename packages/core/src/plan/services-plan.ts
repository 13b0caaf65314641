import { names } from "../names";
import { ports } from "../ports";
import { defaultMaxDbConnections } from "../rules/pool-budget";
import { Balance, type ClusterSpec, type ServiceSpec } from "../spec";
import { selectServers } from "../selectors/select";
import { definedOnly } from "./defined-only";
import { defaultServerOptions } from "./ha-plan";
import { planPool } from "./pool-plan";
import { poolerPlaces, type PoolerPlace } from "./pooler-places";
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

/** `/` is Patroni's short form of `/primary`. */
const primaryChecks = ["/", "/primary", "/master", "/read-write", "/leader"];
/** Whether only the primary can pass the service's check. */
export const followsPrimary = (spec: ServiceSpec): boolean =>
  portNumber(spec.checkPort ?? "patroni") === ports.patroni &&
  primaryChecks.includes((spec.checkPath ?? "/").split("?")[0] ?? "");
export const isPooled = (spec: ServiceSpec): boolean => (spec.destination ?? "pgbouncer") === "pgbouncer";

const namedPorts: Record<string, number> = {
  postgres: ports.postgres,
  pgbouncer: ports.postgres, // the pooler stands in front of HAProxy; behind it is Postgres
  patroni: ports.patroni,
  pg_exporter: ports.pgExporter,
};
const portNumber = (nameOrNumber: string): number => namedPorts[nameOrNumber] ?? Number(nameOrNumber);

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

/** `maxDbConnections`: the pooler's share when the person wrote none. */
export function planService(
  facts: ClusterFacts,
  spec: ServiceSpec,
  place?: PoolerPlace,
  maxDbConnections = defaultMaxDbConnections(facts.maxConnections, facts.primaryPoolers, facts.members.length),
): PlannedService {
  const primaryOnly = followsPrimary(spec);
  const bind = spec.bindAddress === "*" ? "0.0.0.0" : spec.bindAddress;
  return {
    name: spec.name,
    fullName: names.service(facts.name, spec.name),
    port: spec.port,
    bindAddress: bind ?? facts.bindAddress,
    memberPort: portNumber(spec.destination ?? "pgbouncer"),
    pool: isPooled(spec) ? planPool(facts.pool, spec.pool, maxDbConnections) : undefined,
    poolerBackend: place?.backend,
    poolerPort: place?.port,
    kubernetes: spec.kubernetes,
    checkPort: portNumber(spec.checkPort ?? "patroni"),
    checkPath: spec.checkPath ?? "/",
    checkCode: spec.checkCode ?? 200,
    followsPrimary: primaryOnly,
    servers: selectServers(facts.members, spec.selector ?? "[]", spec.selectorBackup),
    maxconn: spec.haproxy?.maxconn ?? 3000,
    balance: spec.haproxy?.balance ?? Balance.RoundRobin,
    defaultServerOptions: spec.haproxy?.defaultServerOptions ?? defaultServerOptions(facts.haMode, primaryOnly),
  };
}
