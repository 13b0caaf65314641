import { required } from "../errors";
import { createHash } from "node:crypto";
import { ports } from "../ports";
import type { ClusterModel, PoolerLink } from "./types";

/** Ports of one pooled service in its gateway. */
export interface PoolerSlot {
  /** Number of the socket, or before PostgreSQL 17 the port, on which HAProxy listens for the pooler. */
  backend: number;
  /** The pooler's listen port. */
  port: number;
}

/** The fields of a service that determine its slot. */
export interface Pooled {
  name: string;
  followsPrimary: boolean;
}

/** The slots of all poolers of one gateway, by service name. */
export function poolerSlots(
  model: Pick<ClusterModel, "platform" | "poolerLink">,
  pooled: readonly Pooled[],
): Map<string, PoolerSlot> {
  const backends = backendsOf(model.poolerLink, pooled);
  return new Map(
    pooled.map((one) => [
      one.name,
      { backend: required(backends.get(one.name), one.name), port: portOf(model.platform, pooled, one) },
    ]),
  );
}

/** Each Docker container has separate ports; the poolers of one pod share them. */
function portOf(platform: ClusterModel["platform"], pooled: readonly Pooled[], one: Pooled): number {
  if (platform === "docker") return ports.pgbouncer;
  const index = pooled.filter((other) => other.followsPrimary === one.followsPrimary).indexOf(one);
  return one.followsPrimary ? ports.primaryPooler(index) : ports.otherPooler(index);
}

/**
 * HAProxy and the poolers reload one after the other. The number of a socket depends on the service's name, not on other services, so that
 * no pooler connects to another service's socket in between.
 */
function backendsOf(link: PoolerLink, pooled: readonly Pooled[]): Map<string, number> {
  if (link === "tcp") return new Map(pooled.map(({ name }, i) => [name, ports.poolerBackend(i)]));
  const taken = new Map<string, number>();
  // Two names rarely have the same number; then the later one in the alphabet takes the next.
  for (const { name } of [...pooled].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const used = [...taken.values()];
    let number = SOCKETS.first + (hash(name) % SOCKETS.count);
    while (used.includes(number)) number += 1;
    taken.set(name, number);
  }
  return taken;
}

/** Only sockets have these numbers; libpq's socket names end in a port number. */
const SOCKETS = { first: 10_000, count: 50_000 };
const hash = (name: string): number => createHash("sha256").update(name).digest().readUInt32BE(0);
