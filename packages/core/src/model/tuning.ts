/**
 * PostgreSQL's parameters computed from the size of a member. Whole megabytes and no clock, so the same size gives the same text. All other
 * parameters keep PostgreSQL's defaults, which are good since version 15.
 */
import { TuningProfile } from "../spec";
import { megabytes } from "../spec/units";

export interface TuningResources {
  cpu: number;
  memoryBytes: number;
  diskBytes: number;
}

interface Profile {
  /** Maximum number of connections, however large the member. */
  connections: number;
  /** Shares of the cores for parallel workers of one query, and of all queries. */
  perQuery: number;
  allQueries: number;
  /** Parameters that do not depend on size. */
  fixed: Record<string, string>;
}

const MB = 1024 ** 2;
const GB = 1024 ** 3;
/** Approximate memory of an active connection beside work_mem: caches of catalog and plans, stack, libraries. */
const PER_CONNECTION = 8 * MB;
const FEWEST_CONNECTIONS = 100;
/** Concurrent sorts and hashes: the connections of a pool of the default size (20 + 5), or four for each core. */
const busyQueries = (cpu: number, maxConnections: number) => Math.min(maxConnections, Math.max(25, 4 * cpu));

const profiles: Record<TuningProfile, Profile> = {
  oltp: {
    connections: 500,
    perQuery: 0.2,
    allQueries: 0.5,
    fixed: {
      checkpoint_timeout: "15min",
      // Compiling costs more than a short query.
      jit: "off",
      // A forgotten transaction holds back vacuum on every member.
      idle_in_transaction_session_timeout: "10min",
    },
  },
  olap: {
    connections: 200,
    perQuery: 0.5,
    allQueries: 0.8,
    fixed: {
      checkpoint_timeout: "30min",
      jit: "on",
      default_statistics_target: "1000",
      // Vacuum does not cancel a long query on a replica at the first removed row.
      max_standby_streaming_delay: "10min",
    },
  },
  crit: {
    connections: 500,
    // No parallel query: one report must not take the cores of the other sessions.
    perQuery: 0,
    allQueries: 0.5,
    fixed: {
      // A short interval keeps the crash recovery of a member short.
      checkpoint_timeout: "5min",
      jit: "off",
      idle_in_transaction_session_timeout: "1min",
      synchronous_commit: "on",
      // Commit times help to settle disputes over lost transactions.
      track_commit_timestamp: "on",
      track_functions: "all",
    },
  },
  tiny: {
    connections: FEWEST_CONNECTIONS,
    perQuery: 0,
    allQueries: 0.5,
    fixed: { checkpoint_timeout: "5min", jit: "off" },
  },
};

/** PostgreSQL parameters of a profile, including `max_connections`. `major` is PostgreSQL's. */
export function tunedParameters(
  profile: TuningProfile,
  resources: TuningResources,
  major: number,
): Record<string, string> {
  const chosen = profiles[profile];
  const size = profile === TuningProfile.Tiny ? atMost(resources, 1, 2 * GB) : resources;
  const maxConnections = connections(chosen, size);
  return sorted({
    ...chosen.fixed,
    ...memory(size, maxConnections),
    ...disk(size),
    ...workers(chosen, size),
    ...constant(major),
    max_connections: String(maxConnections),
  });
}

const atMost = (resources: TuningResources, cpu: number, memoryBytes: number): TuningResources => ({
  ...resources,
  cpu: Math.min(cpu, resources.cpu),
  memoryBytes: Math.min(memoryBytes, resources.memoryBytes),
});

/** As many as half of the memory can carry, up to the profile's maximum. */
const connections = (profile: Profile, { memoryBytes }: TuningResources): number =>
  Math.min(profile.connections, Math.max(FEWEST_CONNECTIONS, Math.floor(memoryBytes / 2 / PER_CONNECTION)));

function memory({ cpu, memoryBytes }: TuningResources, maxConnections: number): Record<string, string> {
  const shared = memoryBytes / 4;
  const rest = memoryBytes - shared;
  const wanted = clamp(shared / maxConnections, 64 * MB, GB);
  // 64 MB each is too much for a small member: concurrent queries must fit beside shared_buffers.
  const bearable = rest / busyQueries(cpu, maxConnections);
  return {
    shared_buffers: megabytes(shared),
    effective_cache_size: megabytes(rest),
    maintenance_work_mem: megabytes(shared / 4),
    work_mem: megabytes(Math.min(wanted, bearable)),
  };
}

/** The disk also holds the data, so WAL for recovery and WAL kept for a lagging replica take half of it at most. */
const disk = ({ diskBytes }: TuningResources): Record<string, string> => ({
  min_wal_size: megabytes(diskBytes * 0.05),
  max_wal_size: megabytes(diskBytes * 0.2),
  max_slot_wal_keep_size: megabytes(diskBytes * 0.3),
});

function workers(profile: Profile, { cpu }: TuningResources): Record<string, string> {
  const share = (part: number) => (part === 0 ? 0 : Math.max(2, Math.ceil(cpu * part)));
  return {
    // Beside parallel queries, for logical replication and extensions. At least 16 because a change is a restart.
    max_worker_processes: String(Math.max(16, cpu + 8)),
    max_parallel_workers: String(share(profile.allQueries)),
    max_parallel_workers_per_gather: String(share(profile.perQuery)),
    max_parallel_maintenance_workers: String(Math.min(8, share(0.33))),
  };
}

/** Parameters that do not depend on size and profile. */
const constant = (major: number): Record<string, string> => ({
  // For flash storage: random reads cost hardly more, and many can run at once.
  random_page_cost: "1.1",
  effective_io_concurrency: "200",
  // Enough for 16 streaming members, base backups of new ones and logical subscribers, because a change is a restart.
  max_wal_senders: "40",
  max_replication_slots: "40",
  // Three workers share this limit; the default of 200 suits spinning disks, and lets busy tables bloat.
  autovacuum_vacuum_cost_limit: "2000",
  log_lock_waits: "on",
  // Ring buffer of a vacuum, fixed at 256kB before PostgreSQL 16: a larger one causes fewer WAL flushes.
  ...(major >= 16 ? { vacuum_buffer_usage_limit: "8MB" } : {}),
});

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
const sorted = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
