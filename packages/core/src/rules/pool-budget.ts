/**
 * The connection budget: every connection that poolers may open fits max_connections, so that a pooler is never refused
 * by the server it stands for.
 */
import { isDnsLabel } from "./patterns";
import { show, type Problem } from "./problem";

/** PostgreSQL's own default of superuser_reserved_connections: a person can still look when all else is taken. */
const SUPERUSER = 3;
/**
 * A member that comes back asks the primary by two ordinary connections: Patroni's checkpoint before pg_rewind, and
 * pg_rewind. Streaming itself does not count: since PostgreSQL 12 it has slots of its own (max_wal_senders).
 */
const PER_MEMBER = 2;
/** Direct services, Patroni's own look at its member, the hooks, and the SQL of users and databases. */
const DIRECT = 10;

export const reservedConnections = (members: number): number => SUPERUSER + PER_MEMBER * members + DIRECT;

/** What the cluster's own poolers take by default; the rest is left to services that are added later. */
const OWN_SHARE = 0.8;
/** What a service that is added takes by default, where so much is left. */
const ADDED = 20;

/**
 * The share of each pooler, when none is written. `poolers`: pooled services that follow the primary × gateways.
 */
export function defaultMaxDbConnections(maxConnections: number, poolers: number, members: number): number {
  const own = OWN_SHARE * (maxConnections - reservedConnections(members));
  return Math.max(1, Math.floor(own / Math.max(1, poolers)));
}

/** The share of the pooler of a service that is added, when none is written: out of what the others leave. */
export function addedMaxDbConnections(maxConnections: number, members: number, taken: number): number {
  return Math.max(1, Math.min(ADDED, maxConnections - reservedConnections(members) - taken));
}

export interface BudgetPool {
  service: string;
  /** Poolers of the service, one for each gateway. */
  gateways: number;
  maxDbConnections: number;
  /** Where maxDbConnections is written; absent: by default. */
  at?: string;
  followsPrimary: boolean;
}

/** Poolers of the primary together, and each pooler of replicas by itself, for one replica may be all that is left. */
export function checkPoolBudget(
  maxConnections: number,
  members: number,
  pools: BudgetPool[],
  whose?: string,
): Problem[] {
  const primary = pools.filter((pool) => pool.followsPrimary);
  const groups = [primary, ...pools.filter((pool) => !pool.followsPrimary).map((pool) => [pool])];
  const problems = groups
    .filter((group) => group.length > 0)
    .flatMap((group) => checkGroup(maxConnections, members, group, whose));
  // One figure that several groups share is one problem.
  return problems.filter((problem, i) => problems.findIndex((other) => other.path === problem.path) === i);
}

/** A name that is none stands here as any other value that was got. */
const spoken = (service: string): string => (isDnsLabel(service) ? service : show(service));

function checkGroup(maxConnections: number, members: number, pools: BudgetPool[], whose?: string): Problem[] {
  const reserved = reservedConnections(members);
  const needed = pools.reduce((sum, pool) => sum + pool.gateways * pool.maxDbConnections, reserved);
  if (needed <= maxConnections) return [];
  const poolers = pools.reduce((sum, pool) => sum + pool.gateways, 0);
  const share = Math.floor((maxConnections - reserved) / poolers);
  const lower = share >= 1 ? `lower maxDbConnections${whose === undefined ? "" : ` ${whose}`} to ${share}, or ` : "";
  const parts = pools.map((pool) => `${spoken(pool.service)} ${pool.gateways} × ${pool.maxDbConnections}`);
  return [
    {
      path: pools.find((pool) => pool.at !== undefined)?.at ?? "parameters.max_connections",
      message:
        `poolers may open ${parts.join(" + ")} connections, and ${reserved} are reserved ` +
        `(${SUPERUSER} superuser + ${PER_MEMBER} × ${members} members + ${DIRECT} direct): ${needed} in all, ` +
        `but max_connections is ${maxConnections}; ${lower}raise parameters.max_connections to "${needed}"`,
    },
  ];
}
