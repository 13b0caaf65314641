import { required } from "../errors";
import { createHash } from "node:crypto";
import { ports } from "../ports";
import type { ClusterModel, PoolerLink } from "./types";

/** A pooled service's slot in its gateway. */
export interface PoolerSlot {
  /** Number of the socket, or before PostgreSQL 17 the port, on which HAProxy waits for the pooler. */
  backend: number;
  /** Where the pooler listens. */
  port: number;
}

/** What a slot comes from. */
export interface Pooled {
  name: string;
  followsPrimary: boolean;
}

/** The slots of all poolers of one gateway, by their services' names. */
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

/** A Docker container has its port for itself; the poolers of one pod share theirs out. */
function portOf(platform: ClusterModel["platform"], pooled: readonly Pooled[], one: Pooled): number {
  if (platform === "docker") return ports.pgbouncer;
  const index = pooled.filter((other) => other.followsPrimary === one.followsPrimary).indexOf(one);
  return one.followsPrimary ? ports.primaryPooler(index) : ports.otherPooler(index);
}

/**
 * HAProxy and the poolers reload one after the other. So that no pooler meanwhile finds another service where its own was, a
 * socket's number comes from the service's name and not from its neighbours.
 */
function backendsOf(link: PoolerLink, pooled: readonly Pooled[]): Map<string, number> {
  if (link === "tcp") return new Map(pooled.map(({ name }, i) => [name, ports.poolerBackend(i)]));
  const taken = new Map<string, number>();
  // Two names seldom have the same number; whichever is later in the alphabet then takes the next.
  for (const { name } of [...pooled].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const used = [...taken.values()];
    let number = SOCKETS.first + (hash(name) % SOCKETS.count);
    while (used.includes(number)) number += 1;
    taken.set(name, number);
  }
  return taken;
}

/** No file but a socket has this number; libpq's names of sockets end in a port's. */
const SOCKETS = { first: 10_000, count: 50_000 };
const hash = (name: string): number => createHash("sha256").update(name).digest().readUInt32BE(0);
