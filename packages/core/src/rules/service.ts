import { isIP } from "node:net";
import { checkPoolNames, checkPoolSizes } from "./pool";
import { addedMaxDbConnections, checkPoolBudget, type BudgetPool } from "./pool-budget";
import { names } from "../names";
import { mergedPool } from "../plan/pool-plan";
import { followsPrimary, isPooled } from "../plan/services-plan";
import type { ClusterFacts, PlannedMember, PlannedService } from "../plan/types";
import { ports } from "../ports";
import { selectServers } from "../selectors/select";
import type { PoolSpec, ServiceSpec } from "../spec";
import { checkCheckPath } from "./check-path";
import { checkServerOptions } from "./haproxy-options";
import { DNS_LABEL, isDnsLabel, LONGEST_NAME, portOf } from "./patterns";
import { problemsOf, show, under, type Problem, type Row } from "./problem";
import type { Read } from "./read";
import { readService } from "./readers";
import { checkSelector } from "./selector";

/** One more service of a running cluster. Paths are those of its arguments. */
export function checkService(facts: ClusterFacts, taken: PlannedService[], spec: ServiceSpec): Problem[] {
  const problems: Problem[] = [];
  const read = readService("", spec, problems) ?? {};
  const pooler = names.servicePooler(facts.name, read.name ?? "");
  const named = taken.find((s) => s.name === read.name);
  const placed = facts.autoPorts ? undefined : taken.find((s) => s.port === read.port);
  return [
    ...problems,
    ...checkServiceFields("", read, { members: facts.members, longestContainer: pooler }),
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
    ]),
    ...addedSizes(facts, taken, read),
    ...addedBudget(facts, taken, read),
  ];
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

/** What the checks of one service need to know of its cluster. */
export interface ServiceContext {
  members: PlannedMember[];
  /** The longest name of a container that the service leads to. */
  longestContainer: string;
}

/** Names of the cluster's own containers and aliases, which start with `<cluster>-` as services do. */
const reservedName = /^(m\d+|(etcd|haproxy|poolers?|sockets)(-.*)?|.*-(haproxy|pooler|sockets))$/;

/** All that can be said of one service by itself. `written`: the service as the person wrote it, over a default one. */
export function checkServiceFields(at: string, service: Read<ServiceSpec>, context: ServiceContext): Problem[] {
  return [
    ...problemsOf([...nameRows(at, service, context), ...targetRows(at, service), ...checkRows(at, service)]),
    ...(service.checkPath === undefined
      ? []
      : checkCheckPath(under(at, "checkPath"), service.checkPath, service.checkPort)),
    ...checkSelectors(at, service, context.members),
    ...checkPoolNames(under(at, "pool"), service.pool),
    ...(service.haproxy?.defaultServerOptions === undefined
      ? []
      : checkServerOptions(under(under(at, "haproxy"), "defaultServerOptions"), service.haproxy.defaultServerOptions)),
  ];
}

function nameRows(at: string, { name }: Read<ServiceSpec>, { longestContainer }: ServiceContext): Row[] {
  if (name === undefined) return [];
  const path = under(at, "name");
  const over = longestContainer.length - LONGEST_NAME;
  return [
    { when: !isDnsLabel(name), path, message: `${DNS_LABEL}, got ${show(name)}` },
    {
      when: isDnsLabel(name) && over > 0,
      path,
      message: `makes the container name ${show(longestContainer)}, which has ${longestContainer.length} characters; shorten it by ${over} to ${LONGEST_NAME}`,
    },
    {
      when: isDnsLabel(name) && reservedName.test(name),
      path,
      message: `is a name of the cluster's own containers, got ${show(name)}; choose another`,
    },
  ];
}

function targetRows(at: string, service: Read<ServiceSpec>): Row[] {
  const { bindAddress, destination } = service;
  return [
    {
      when: bindAddress === "vip",
      path: under(at, "bindAddress"),
      message: '"vip" needs a virtual IP address, and none is managed; use "*" or an IP address of the host',
    },
    {
      when: bindAddress !== undefined && !["*", "vip"].includes(bindAddress) && isIP(bindAddress) === 0,
      path: under(at, "bindAddress"),
      message: `must be "*" or an IP address of the host, got ${show(bindAddress)}`,
    },
    {
      when: isPoolerPort(destination),
      path: under(at, "destination"),
      message: `no PgBouncer listens on a member, got ${show(destination)}: it stands in front; use "pgbouncer"`,
    },
    {
      when: destination !== undefined && !["postgres", "pgbouncer"].includes(destination) && isNaN(portOf(destination)),
      path: under(at, "destination"),
      message: `must be "postgres", "pgbouncer" or a port from 1 to 65535 in quotes, got ${show(destination)}`,
    },
    {
      when: service.pool !== undefined && destination !== undefined && destination !== "pgbouncer",
      path: under(at, "pool"),
      message: `has no effect with destination ${show(destination)}; use destination "pgbouncer" or leave it out`,
    },
  ];
}

const isPoolerPort = (destination: string | undefined): boolean => destination === `${ports.pgbouncer}`;

function checkRows(at: string, { checkMethod, checkPort }: Read<ServiceSpec>): Row[] {
  const exporter = checkPort === "pg_exporter" || checkPort === `${ports.pgExporter}`;
  const known = checkPort === undefined || checkPort === "patroni" || exporter;
  return [
    {
      when: checkMethod !== undefined && checkMethod !== "http",
      path: under(at, "checkMethod"),
      message: `must be "http", got ${show(checkMethod)}`,
    },
    {
      when: exporter,
      path: under(at, "checkPort"),
      message: `no pg_exporter runs on the members yet, so every check would fail, got ${show(checkPort)}; use "patroni"`,
    },
    {
      when: !known && isNaN(portOf(checkPort ?? "")),
      path: under(at, "checkPort"),
      message: `must be "patroni" or a port from 1 to 65535 in quotes, got ${show(checkPort)}`,
    },
  ];
}

function checkSelectors(at: string, service: Read<ServiceSpec>, members: PlannedMember[]): Problem[] {
  const { selector = "[]", selectorBackup } = service;
  const problems = [
    ...checkSelector(under(at, "selector"), selector, members),
    ...(selectorBackup === undefined ? [] : checkSelector(under(at, "selectorBackup"), selectorBackup, members)),
  ];
  if (problems.length > 0 || selectServers(members, selector, selectorBackup).length > 0) return problems;
  const none = selectorBackup === undefined ? "and there is no selectorBackup" : "nor does selectorBackup";
  return [
    {
      path: under(at, "selector"),
      message: `picks none of the ${members.length} members, got ${show(selector)}, ${none}; change it or memberSettings`,
    },
  ];
}
