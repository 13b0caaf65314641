/**
 * The connection budget: the connections that gateways allow to one member fit its max_connections, beside those reserved for the cluster.
 * HAProxy enforces each service's limit (`maxconn` of a server), so that many clients cannot shut out the admin, hooks or poolers.
 */
/** PostgreSQL's default of superuser_reserved_connections: lets an operator in when all other connections are taken. */
export const SUPERUSER = 3;
/**
 * A returning member opens two ordinary connections to the primary: Patroni's checkpoint before pg_rewind, and pg_rewind. Streaming does
 * not count: since PostgreSQL 12 it has separate slots (max_wal_senders).
 */
export const PER_MEMBER = 2;
/** SQL of users and databases from several stacks at once. The one that holds the lock needs a second connection. */
export const ADMIN_CONNECTIONS = 8;
/**
 * The admin, and two for the hooks: `reserved_connections` from PostgreSQL 16 on; before, free because HAProxy lets nobody else that far. A
 * change restarts Postgres, so this depends on nothing that changes.
 */
export const RESERVED = ADMIN_CONNECTIONS + 2;
/** For each pooler beside its maxDbConnections, which does not count PgBouncer's connections for password lookups. */
export const LOOKUPS = 2;

export const reservedConnections = (members: number): number => SUPERUSER + PER_MEMBER * members + RESERVED;

/** Default share of the cluster's own services; the rest is for added ones. */
const OWN_SHARE = 0.8;
/** Default limit of an added service, if that much is left. */
const ADDED = 20;
/** Default weights of poolers, of direct services, and of replica services that fall back to the primary. */
const weights = { pool: 4, direct: 3, fallback: 1 } as const;

/** Role of a member. A service may lead to both roles, and counts at each. */
export const sides = ["primary", "replica"] as const;
export type Side = (typeof sides)[number];
/** `fallback`: leads to the primary only when no replica is up. */
export type ClaimKind = keyof typeof weights;

/** Connections that one service takes from one member. */
export interface Claim {
  service: string;
  /** Gateways of the service, each with the same limit. */
  gateways: number;
  pooled: boolean;
  /** Kind of use at a member of either side; absent if the service does not lead there. */
  at: Partial<Record<Side, ClaimKind>>;
  /** For each gateway: maxDbConnections of a pooler, maxconn of a direct service. Absent: the default. */
  written?: number;
  /** Field with the written limit. */
  path?: string;
}

/** Connections to one member of each side that one gateway lets through. */
export type Limits = Partial<Record<Side, number>>;

/** The limits of all services of a cluster, by name. They fit unless `checkBudget` reports a problem. */
export function shareOut(maxConnections: number, members: number, claims: readonly Claim[]): Map<string, Limits> {
  const available = maxConnections - reservedConnections(members);
  const shares: Record<Side, ReturnType<typeof sharesOf>> = {
    primary: sharesOf("primary", available, claims),
    replica: sharesOf("replica", available, claims),
  };
  return new Map(claims.map((claim) => [claim.service, limitsOf(claim, (side, kind) => shares[side](claim, kind))]));
}

/** A service that leads to both sides has one limit, the smaller one. A fallback to the primary has a separate limit. */
function limitsOf(claim: Claim, share: (side: Side, kind: ClaimKind) => number): Limits {
  const regular = sides.flatMap((side) => {
    const kind = claim.at[side];
    return kind === undefined || kind === "fallback" ? [] : [share(side, kind)];
  });
  const least = leastOf(claim);
  const figure =
    claim.written === undefined
      ? Math.max(least, ...[Math.min(...regular)].filter(Number.isFinite))
      : claim.written + lookupsOf(claim);
  return Object.fromEntries(
    sides.flatMap((side) => {
      const kind = claim.at[side];
      if (kind === undefined) return [];
      return [[side, kind === "fallback" ? Math.max(least, share(side, kind)) : figure]];
    }),
  );
}

const lookupsOf = ({ pooled }: Pick<Claim, "pooled">): number => (pooled ? LOOKUPS : 0);
/** The smallest useful limit for each gateway. */
const leastOf = (claim: Pick<Claim, "pooled">): number => 1 + lookupsOf(claim);

/** The default for each gateway of a service, by kind: services without a written limit share the rest. */
function sharesOf(side: Side, available: number, claims: readonly Claim[]): (claim: Claim, kind: ClaimKind) => number {
  const here = claims.filter((claim) => claim.at[side] !== undefined);
  const isWritten = (claim: Claim) => claim.written !== undefined && claim.at[side] !== "fallback";
  const taken = here
    .filter(isWritten)
    .reduce((sum, claim) => sum + claim.gateways * ((claim.written ?? 0) + lookupsOf(claim)), 0);
  const open = here.filter((claim) => !isWritten(claim));
  const least = open.reduce((sum, claim) => sum + claim.gateways * leastOf(claim), 0);
  const own = Math.min(available - taken, Math.max(OWN_SHARE * available - taken, 3 * least));
  const kinds = (Object.keys(weights) as ClaimKind[]).filter((kind) => open.some((claim) => claim.at[side] === kind));
  const all = kinds.reduce((sum, kind) => sum + weights[kind], 0);
  return (claim, kind) => {
    const gateways = count(open.filter((other) => other.at[side] === kind));
    const more = (Math.max(0, own - least) * weights[kind]) / Math.max(1, all) / Math.max(1, gateways);
    return leastOf(claim) + Math.floor(more);
  };
}

export const count = (claims: readonly Pick<Claim, "gateways">[]): number =>
  claims.reduce((sum, { gateways }) => sum + gateways, 0);

/** A service that already has limits. */
export interface Taken extends Pick<Claim, "service" | "gateways" | "pooled"> {
  limits: Limits;
}

/** Connections that all gateways of these services together allow to one member of a side. */
export const letThrough = (side: Side, services: readonly Pick<Taken, "gateways" | "limits">[]): number =>
  services.reduce((sum, { gateways, limits }) => sum + gateways * (limits[side] ?? 0), 0);

/** The default limits of an added service, out of what the others leave. */
export function addedLimits(maxConnections: number, members: number, claim: Claim, taken: readonly Taken[]): Limits {
  const available = maxConnections - reservedConnections(members);
  const left = (side: Side): number => available - letThrough(side, taken);
  const most = { pool: ADDED + LOOKUPS, direct: ADDED, fallback: ADDED / 4 };
  // Half of what is left, so that the next added service gets some, too.
  return limitsOf(claim, (side, kind) => Math.floor(Math.min(most[kind], left(side) / 2) / claim.gateways));
}
