/**
 * The connection budget: what gateways let through to one member fits its max_connections, beside what is kept for the cluster itself.
 * HAProxy holds each service to its limit (`maxconn` of a server), so that no crowd of clients shuts out the admin, hooks or poolers.
 */
/** PostgreSQL's own default of superuser_reserved_connections: a person can still look when all else is taken. */
export const SUPERUSER = 3;
/**
 * A member that comes back asks the primary by two ordinary connections: Patroni's checkpoint before pg_rewind, and
 * pg_rewind. Streaming itself does not count: since PostgreSQL 12 it has slots of its own (max_wal_senders).
 */
export const PER_MEMBER = 2;
/** The SQL of users and databases, of as many stacks at once as will ever be, and one that has the lock wants a second connection. */
export const ADMIN_CONNECTIONS = 8;
/**
 * The admin, and two for the hooks: `reserved_connections` from PostgreSQL 16 on, before it free because nobody is let that far. A change
 * is a restart of Postgres, so it depends on nothing that changes.
 */
export const RESERVED = ADMIN_CONNECTIONS + 2;
/** Of each pooler, beside its maxDbConnections: PgBouncer looks passwords up by connections that do not count there. */
export const LOOKUPS = 2;

export const reservedConnections = (members: number): number => SUPERUSER + PER_MEMBER * members + RESERVED;

/** What the cluster's own services take by default; the rest is left to those that are added later. */
const OWN_SHARE = 0.8;
/** What a service that is added takes by default, where so much is left. */
const ADDED = 20;
/** Shares by default: of poolers, of direct services, and of services of replicas that turn to the primary when there is no other. */
const weights = { pool: 4, direct: 3, fallback: 1 } as const;

/** A member leads or follows. A service may lead to both kinds, and counts at each. */
export const sides = ["primary", "replica"] as const;
export type Side = (typeof sides)[number];
/** `fallback`: at the primary, only when no replica is up. */
export type ClaimKind = keyof typeof weights;

/** What one service may take of one member. */
export interface Claim {
  service: string;
  /** Gateways that have it: each lets through as many. */
  gateways: number;
  pooled: boolean;
  /** What it is at a member of either side; absent: it does not lead there. */
  at: Partial<Record<Side, ClaimKind>>;
  /** For each gateway: maxDbConnections of a pooler, maxconn of a direct service. Absent: by default. */
  written?: number;
  /** Where that is written. */
  path?: string;
}

/** Connections to one member of each side that one gateway lets through. */
export type Limits = Partial<Record<Side, number>>;

/** The limits of all services of a cluster, by name. They fit unless `checkBudget` complains. */
export function shareOut(maxConnections: number, members: number, claims: readonly Claim[]): Map<string, Limits> {
  const available = maxConnections - reservedConnections(members);
  const shares: Record<Side, ReturnType<typeof sharesOf>> = {
    primary: sharesOf("primary", available, claims),
    replica: sharesOf("replica", available, claims),
  };
  return new Map(claims.map((claim) => [claim.service, limitsOf(claim, (side, kind) => shares[side](claim, kind))]));
}

/** A service that leads to both sides has one figure, the smaller one. What turns to the primary for want of another has one of its own. */
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
/** The least that is of any use, for each gateway. */
const leastOf = (claim: Pick<Claim, "pooled">): number => 1 + lookupsOf(claim);

/** What each gateway of a service gets by default, by kind: what is not written shares what written figures leave. */
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

/** What a service takes that is already there. */
export interface Taken extends Pick<Claim, "service" | "gateways" | "pooled"> {
  limits: Limits;
}

/** What all gateways of these services together let through to one member of a side. */
export const letThrough = (side: Side, services: readonly Pick<Taken, "gateways" | "limits">[]): number =>
  services.reduce((sum, { gateways, limits }) => sum + gateways * (limits[side] ?? 0), 0);

/** The limits of a service that is added, when none are written: out of what the others leave. */
export function addedLimits(maxConnections: number, members: number, claim: Claim, taken: readonly Taken[]): Limits {
  const available = maxConnections - reservedConnections(members);
  const left = (side: Side): number => available - letThrough(side, taken);
  const most = { pool: ADDED + LOOKUPS, direct: ADDED, fallback: ADDED / 4 };
  // Half of what is left, so that the next one finds something, too.
  return limitsOf(claim, (side, kind) => Math.floor(Math.min(most[kind], left(side) / 2) / claim.gateways));
}
