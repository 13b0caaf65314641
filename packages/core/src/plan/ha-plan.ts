import { HaMode, SyncMode, type ClusterSpec } from "../spec";
import { definedOnly } from "./defined-only";
import type { HaTimingsPlan } from "./types";

const timings: Record<HaMode, HaTimingsPlan> = {
  fast: { ttl: 20, loopWait: 2, retryTimeout: 5 },
  norm: { ttl: 30, loopWait: 5, retryTimeout: 10 },
  safe: { ttl: 60, loopWait: 10, retryTimeout: 20 },
  wide: { ttl: 120, loopWait: 20, retryTimeout: 30 },
};

/** HAProxy's checks per mode. `norm` has Pigsty's figures; `fast` those that were measured to follow a move within a second. */
const checks: Record<HaMode, string> = {
  fast: "inter 1s fastinter 250ms downinter 500ms rise 2 fall 2",
  norm: "inter 3s fastinter 1s downinter 5s rise 3 fall 3",
  safe: "inter 5s fastinter 2s downinter 5s rise 3 fall 3",
  wide: "inter 10s fastinter 3s downinter 10s rise 3 fall 3",
};

export function planHa(spec: ClusterSpec): HaTimingsPlan {
  const mode = timings[spec.ha ?? HaMode.Fast];
  return { ...mode, ...definedOnly(spec.haTimings) };
}

/** Quorum needs two replicas to go on with one lost. */
export function planSync(spec: ClusterSpec): SyncMode {
  return spec.sync ?? ((spec.members ?? 3) >= 3 ? SyncMode.Quorum : SyncMode.Off);
}

/**
 * `default-server` options of a service. A service of the primary has no slowstart: it would let the new primary take only
 * a few connections in the seconds after a move, which is when they all come.
 */
export function defaultServerOptions(mode: HaMode | undefined, followsPrimary: boolean): string {
  const slowstart = followsPrimary ? "" : "slowstart 30s ";
  return `${checks[mode ?? HaMode.Fast]} on-marked-down shutdown-sessions ${slowstart}maxconn 3000 maxqueue 128 weight 100`;
}
