import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { newestTimeline, type PatroniMember } from "../docker-cluster";
import { sayReport, type Writers, type WritersReport } from "../writers";
import type { FaultCluster } from "./fault-cluster";

/** Patroni's lease in mode fast, in seconds. All time limits here are multiples of it. */
export const TTL = 20;

/** Far above every measured time, so that a slow machine does not fail, but still a limit. */
export const SOON = 3 * TTL;
/** The limit when the lease must expire first. */
export const AFTER_LEASE = 5 * TTL;
/** The minimum of `haTimings.rebuildAfter`. */
export const REBUILD_AFTER = 30;

/** A cluster on any platform that reports how its members see each other. */
export interface Watched {
  engine: { members(): Promise<PatroniMember[]> };
}

/** All tests of a file share one cluster, and clients that write without a pause. */
export interface UnderFaults<C extends Watched = FaultCluster> {
  cluster: C;
  writers: Writers;
}

/**
 * Runs an event under the clients' load, waits until they write and all members stream again, and returns the clients'
 * report.
 */
export async function during(
  { cluster, writers }: UnderFaults<Watched>,
  event: string,
  happen: () => Promise<void>,
  { before = 3, after = 3, more = () => "" }: { before?: number; after?: number; more?: () => string } = {},
): Promise<WritersReport> {
  await untilSettled(cluster, before);
  await writers.untilWriting(SOON);
  await writers.report();
  await happen();
  await writers.untilWriting(SOON);
  await untilSettled(cluster, after);
  const report = await writers.report();
  sayReport(event, report, more());
  expect(report.lost).toEqual([]);
  return report;
}

/** Asserts that no client noticed more than a wait. */
export function expectHitless(report: WritersReport): void {
  expect({ failed: report.failed, refused: report.refused, errors: report.errors }).toEqual({
    failed: 0,
    refused: 0,
    errors: {},
  });
}

/** Asserts that there is one leader, from which every other member streams as a quorum standby. */
export async function untilSettled(cluster: Watched, members: number): Promise<PatroniMember[]> {
  const started = performance.now();
  for (;;) {
    const seen = await cluster.engine.members().catch((error: Error) => error.message);
    if (typeof seen !== "string" && isSettled(seen, members)) return seen;
    if (performance.now() - started > AFTER_LEASE * 1000)
      throw new Error(`the members did not settle within ${AFTER_LEASE} s: ${JSON.stringify(seen)}`);
    await sleep(500);
  }
}

function isSettled(seen: PatroniMember[], members: number): boolean {
  const standbys = seen.filter((m) => m.Role === "Quorum Standby" && m.State === "streaming");
  const leaders = seen.filter((m) => m.Role === "Leader" && m.State === "running");
  const timelines = new Set(seen.map((m) => m.TL));
  return seen.length === members && leaders.length === 1 && standbys.length === members - 1 && timelines.size === 1;
}

export const timeline = async (cluster: Watched): Promise<number> => newestTimeline(await cluster.engine.members());
