import { names } from "../names";
import type { Read } from "../read/read";
import type { BackupRetentionSpec, BackupScheduleSpec, ClusterSpec } from "../spec";
import { parseBytes, sizeOr } from "../spec/units";
import type { ResolvedBackups, ResolvedRepository } from "./types";

/** At night, because a backup competes with the members' work. */
const WEEKLY = "0 1 * * 0";
const ON_OTHER_DAYS = "0 1 * * 1-6";
const DEFAULT_DAYS = 14;
const DEFAULT_QUEUE = "4GB";

export function resolveBackups(
  cluster: string,
  { backups }: Read<ClusterSpec>,
  diskBytes: number,
): ResolvedBackups | undefined {
  if (backups === undefined) return undefined;
  return {
    host: names.backup(cluster),
    stanza: cluster,
    repositories: Object.entries(backups.repositories ?? {}).map(
      ([name, { volume = {}, schedule, retention }], index): ResolvedRepository => ({
        name,
        number: index + 1,
        volume: names.repositoryVolume(cluster, name),
        reuse: volume.reuse ?? false,
        retain: volume.retain ?? true,
        schedule: resolveSchedule(schedule),
        timeZone: schedule?.timeZone ?? "UTC",
        retention: resolveRetention(retention),
      }),
    ),
    recoveryPoint: backups.recoveryPoint ?? 60,
    archiveQueue:
      backups.archiveQueue === undefined
        ? Math.min(parseBytes(DEFAULT_QUEUE), diskBytes / 2)
        : sizeOr(DEFAULT_QUEUE, backups.archiveQueue),
    processes: backups.processes ?? 1,
  };
}

function resolveSchedule({ full, differential, incremental }: BackupScheduleSpec = {}): ResolvedRepository["schedule"] {
  const diff = differential ?? ON_OTHER_DAYS;
  return {
    full: full ?? WEEKLY,
    ...(diff === "" ? {} : { diff }),
    ...(incremental === undefined || incremental === "" ? {} : { incr: incremental }),
  };
}

const resolveRetention = ({ full, days }: BackupRetentionSpec = {}): ResolvedRepository["retention"] =>
  full === undefined ? { type: "time", full: days ?? DEFAULT_DAYS } : { type: "count", full };
