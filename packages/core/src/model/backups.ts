import { names } from "../names";
import type { Read } from "../read/read";
import type { BackupProofSpec, BackupRetentionSpec, BackupScheduleSpec, ClusterSpec, RepositorySpec } from "../spec";
import { definedItems } from "../spec/defined-only";
import { parseBytes, sizeOr } from "../spec/units";
import { platformIn } from "./platform";
import { resolveObjectStore } from "./storage";
import type { PlatformName, ResolvedBackups, ResolvedRepository } from "./types";

/** At night, because a backup competes with the members' work. */
const WEEKLY = "0 1 * * 0";
const ON_OTHER_DAYS = "0 1 * * 1-6";
const DEFAULT_DAYS = 14;
const DEFAULT_QUEUE = "4GB";

export function resolveBackups(
  cluster: string,
  { backups, docker }: Read<ClusterSpec>,
  diskBytes: number,
): ResolvedBackups | undefined {
  if (backups === undefined || Object.keys(backups.repositories ?? {}).length === 0) return undefined;
  const platform = platformIn({ docker });
  return {
    host: names.backup(cluster),
    stanza: cluster,
    repositories: Object.entries(backups.repositories ?? {}).map(([name, repository], index): ResolvedRepository => ({
      name,
      number: index + 1,
      storage: resolveStorage(cluster, name, repository, { diskBytes, platform }),
      reuse: repository.reuse ?? false,
      schedule: resolveSchedule(repository.schedule),
      timeZone: repository.schedule?.timeZone ?? "UTC",
      retention: resolveRetention(repository.retention),
    })),
    recoveryPoint: backups.recoveryPoint ?? 60,
    archiveQueue:
      backups.archiveQueue === undefined
        ? Math.min(parseBytes(DEFAULT_QUEUE), diskBytes / 2)
        : sizeOr(DEFAULT_QUEUE, backups.archiveQueue),
    processes: backups.processes ?? 1,
    proof: resolveProof(backups.proof),
  };
}

function resolveStorage(
  cluster: string,
  name: string,
  repository: Read<RepositorySpec>,
  { diskBytes, platform }: { diskBytes: number; platform: PlatformName },
): ResolvedRepository["storage"] {
  const { retain = true, size, storageClass } = repository.volume ?? {};
  return (
    resolveObjectStore(cluster, repository, platform) ?? {
      type: "volume",
      name: names.repositoryVolume(cluster, name),
      retain,
      size: size === undefined ? DISKS * diskBytes : sizeOr(DEFAULT_SIZE, size),
      storageClass,
    }
  );
}
/** Two full backups, compressed, and the WAL between them. */
const DISKS = 2;
const DEFAULT_SIZE = "16GB";

function resolveProof({ schedule = ON_SUNDAYS, timeZone = "UTC", queries = [] }: Read<BackupProofSpec> = {}) {
  if (schedule === "") return undefined;
  return {
    expression: schedule,
    timeZone,
    queries: definedItems(queries).map(({ database = "", sql = "", expected = "" }) => ({ database, sql, expected })),
  };
}
/** After the full backup. */
const ON_SUNDAYS = "0 4 * * 0";

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
