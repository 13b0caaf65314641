/**
 * PostgreSQL's parameters from the size of a member. Whole megabytes and no clock: the same size gives the same text.
 * What is not here stays at PostgreSQL's default, which is good since version 15 for what is left out.
 */
import { TuningProfile } from "../spec";
import { megabytes } from "../spec/units";

export interface TuningResources {
  cpu: number;
  memoryBytes: number;
  diskBytes: number;
}

interface Profile {
  /** Most connections, however large the member. */
  connections: number;
  /** Shares of the cores that parallel workers of one query, and of all queries, may take. */
  perQuery: number;
  allQueries: number;
  /** Parameters that do not depend on size. */
  fixed: Record<string, string>;
}

const MB = 1024 ** 2;
const GB = 1024 ** 3;
/** A connection that does something holds about this much beside work_mem: caches of catalog and plans, stack, libraries. */
const PER_CONNECTION = 8 * MB;
const FEWEST_CONNECTIONS = 100;
/** Sorts and hashes that run at once: what a pool of the default size (20 + 5) lets through, or four for each core. */
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
      // A long query on a replica is not cancelled by the first row that vacuum removes.
      max_standby_streaming_delay: "10min",
    },
  },
  crit: {
    connections: 500,
    // No parallel query: one person's report must not take the cores of the others.
    perQuery: 0,
    allQueries: 0.5,
    fixed: {
      // Short, so that the crash recovery of a member is short.
      checkpoint_timeout: "5min",
      jit: "off",
      idle_in_transaction_session_timeout: "1min",
      synchronous_commit: "on",
      // When each transaction came: what a dispute over a lost one needs.
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

/** PostgreSQL parameters of a profile, `max_connections` among them. `major` is PostgreSQL's. */
export function tunedParameters(
  profile: TuningProfile,
  resources: TuningResources,
  major: number,
): Record<string, string> {
  const its = profiles[profile];
  const size = profile === TuningProfile.Tiny ? atMost(resources, 1, 2 * GB) : resources;
  const maxConnections = connections(its, size);
  return sorted({
    ...its.fixed,
    ...memory(size, maxConnections),
    ...disk(size),
    ...workers(its, size),
    ...constant(major),
    max_connections: String(maxConnections),
  });
}

const atMost = (resources: TuningResources, cpu: number, memoryBytes: number): TuningResources => ({
  ...resources,
  cpu: Math.min(cpu, resources.cpu),
  memoryBytes: Math.min(memoryBytes, resources.memoryBytes),
});

/** As many as half of the memory can carry, up to the profile's figure. */
const connections = (its: Profile, { memoryBytes }: TuningResources): number =>
  Math.min(its.connections, Math.max(FEWEST_CONNECTIONS, Math.floor(memoryBytes / 2 / PER_CONNECTION)));

function memory({ cpu, memoryBytes }: TuningResources, maxConnections: number): Record<string, string> {
  const shared = memoryBytes / 4;
  const rest = memoryBytes - shared;
  const wanted = clamp(shared / maxConnections, 64 * MB, GB);
  // 64 MB each is more than a small member has: what may run at once must fit beside shared_buffers.
  const bearable = rest / busyQueries(cpu, maxConnections);
  return {
    shared_buffers: megabytes(shared),
    effective_cache_size: megabytes(rest),
    maintenance_work_mem: megabytes(shared / 4),
    work_mem: megabytes(Math.min(wanted, bearable)),
  };
}

/** The disk also holds the data: WAL for recovery and WAL kept for a lagging replica take half of it at most. */
const disk = ({ diskBytes }: TuningResources): Record<string, string> => ({
  min_wal_size: megabytes(diskBytes * 0.05),
  max_wal_size: megabytes(diskBytes * 0.2),
  max_slot_wal_keep_size: megabytes(diskBytes * 0.3),
});

function workers(its: Profile, { cpu }: TuningResources): Record<string, string> {
  const share = (part: number) => (part === 0 ? 0 : Math.max(2, Math.ceil(cpu * part)));
  return {
    // Beside parallel queries: logical replication and extensions. Not below 16, for a change of it is a restart.
    max_worker_processes: String(Math.max(16, cpu + 8)),
    max_parallel_workers: String(share(its.allQueries)),
    max_parallel_workers_per_gather: String(share(its.perQuery)),
    max_parallel_maintenance_workers: String(Math.min(8, share(0.33))),
  };
}

/** Independent of size and profile. */
const constant = (major: number): Record<string, string> => ({
  // Flash storage: a page out of order costs hardly more, and many may be asked for at once.
  random_page_cost: "1.1",
  effective_io_concurrency: "200",
  // 16 members that stream, base backups of new ones, logical subscribers: plenty, for a change is a restart.
  max_wal_senders: "40",
  max_replication_slots: "40",
  // Three workers share this limit; the default of 200 is of the days of disks, and lets busy tables bloat.
  autovacuum_vacuum_cost_limit: "2000",
  log_lock_waits: "on",
  // The ring of a vacuum, 256kB before it could be set: more of it is fewer flushes of WAL.
  ...(major >= 16 ? { vacuum_buffer_usage_limit: "8MB" } : {}),
});

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
const sorted = (values: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
