import type { Read } from "../read/read";
import { HaMode, SyncMode, type ClusterSpec } from "../spec";
import { sizeOr } from "../spec/units";
import { definedOnly } from "../spec/defined-only";
import type { ResolvedTimings } from "./types";

const timings: Record<HaMode, Omit<ResolvedTimings, "rebuildAfter">> = {
  fast: { ttl: 20, loopWait: 2, retryTimeout: 5 },
  norm: { ttl: 30, loopWait: 5, retryTimeout: 10 },
  safe: { ttl: 60, loopWait: 10, retryTimeout: 20 },
  wide: { ttl: 120, loopWait: 20, retryTimeout: 30 },
};

/** In seconds. A crash recovery or a base backup makes progress all the time. */
const REBUILD_AFTER = 300;

/** HAProxy's check intervals by mode. `norm` has Pigsty's values; those of `fast` were measured to follow a failover within a second. */
const checks: Record<HaMode, string> = {
  fast: "inter 1s fastinter 250ms downinter 500ms rise 2 fall 2",
  norm: "inter 3s fastinter 1s downinter 5s rise 3 fall 3",
  safe: "inter 5s fastinter 2s downinter 5s rise 3 fall 3",
  wide: "inter 10s fastinter 3s downinter 10s rise 3 fall 3",
};

export function resolveTimings(spec: Read<ClusterSpec>): ResolvedTimings {
  const mode = timings[spec.ha ?? HaMode.Fast];
  return { ...mode, rebuildAfter: REBUILD_AFTER, ...definedOnly(spec.haTimings) };
}

/** Quorum needs two replicas to survive the loss of one. */
export function resolveSync(spec: Pick<ClusterSpec, "members" | "sync">): SyncMode {
  return spec.sync ?? ((spec.members ?? 3) >= 3 ? SyncMode.Quorum : SyncMode.Off);
}

/**
 * Bytes that an electable replica may lag. If commits wait for replicas, Patroni elects only those with every acknowledged commit, so the
 * lag alone must exclude none: a standby over a slow link may be the only candidate.
 */
export const resolveMaximumLag = (spec: Read<ClusterSpec>, waits: boolean): number =>
  waits ? ANY_LAG : sizeOr("1MB", spec.maximumLagOnFailover);

const ANY_LAG = 1024 ** 5;

/**
 * `default-server` options of a service. A service of the primary has no slowstart: it would allow the new primary only few connections in
 * the seconds after a failover, when all clients reconnect.
 */
export function defaultServerOptions(mode: HaMode | undefined, followsPrimary: boolean): string {
  const slowstart = followsPrimary ? "" : "slowstart 30s ";
  return `${checks[mode ?? HaMode.Fast]} on-marked-down shutdown-sessions ${slowstart}weight 100`;
}
