/**
 * Messages for parameters that the program may not set: Patroni ignores or overrides some, and others are essential to the cluster. Each
 * names the setter and the alternative.
 */
import { SyncMode, type ClusterSpec } from "../../spec";
import type { ClusterModel } from "../../model/types";
import { isKnownParameter, nearestParameter } from "./parameter-names";
import { hasControl, hasLoneSurrogate, isParameter } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";
import { supportedVersions } from "../cluster/versions";

const address = "is set by the cluster: clients connect through services; add or change a service";
const tls = "is set by the cluster, which creates and renews certificates; see tls";
const recovery = "is set by Patroni, which decides where each member replicates from; leave it out";
const files = "is set by Patroni, which keeps these files in the data directory; leave it out";
const archive = "is set by the cluster, whose backups archive the write-ahead log; leave it out";
const budget = "is set by the cluster, whose connection budget includes reserved connections; leave it out";
const logs = "is set by the cluster, which logs to the container's output; leave it out";

/** Parameters set by others, with the reason. */
const owned: Record<string, string> = {
  listen_addresses: address,
  port: address,
  unix_socket_directories: address,
  unix_socket_group: address,
  unix_socket_permissions: address,
  cluster_name: "is set by Patroni to the cluster's name; leave it out",
  hot_standby: "is set by Patroni: replicas always answer queries; leave it out",
  wal_log_hints: "is set by Patroni: pg_rewind needs it on; leave it out",
  data_directory: files,
  config_file: files,
  external_pid_file: files,
  hba_file: "is set by Patroni; use hba for its rules",
  ident_file: files,
  archive_mode: archive,
  archive_command: archive,
  archive_library: archive,
  archive_cleanup_command: archive,
  archive_timeout: archive,
  restore_command: archive,
  primary_conninfo: recovery,
  primary_slot_name: recovery,
  promote_trigger_file: recovery,
  recovery_end_command: recovery,
  recovery_min_apply_delay: "is set for each member; use memberSettings.<member>.applyDelay",
  synchronous_standby_names: "is set by Patroni; use sync and syncReplicas",
  superuser_reserved_connections: budget,
  reserved_connections: budget,
  shared_preload_libraries: "is set by the cluster; use sharedPreloadLibraries",
  password_encryption: 'is set by the cluster: always "scram-sha-256"; leave it out',
  logging_collector: logs,
  log_destination: logs,
  log_directory: logs,
  log_filename: logs,
};

/** Parameters that members need to recover. */
const mustBeOn: Record<string, string> = {
  fsync: "a crash would destroy the member; for speed without it use synchronous_commit",
  full_page_writes: "pg_rewind cannot bring an old primary back without it",
};
const off = ["off", "false", "no", "0", "of", "fals", "fal", "fa", "f", "n"];

/** Whole numbers used by the plan, with their range. */
const numbers: Record<string, { min: number; max: number; why: string }> = {
  max_connections: { min: 50, max: 10_000, why: "poolers share them out" },
  max_wal_senders: { min: 20, max: 1000, why: "16 members and base backups must fit" },
  max_replication_slots: { min: 20, max: 1000, why: "each member needs one" },
};

export function checkParameters(spec: Read<ClusterSpec>): Problem[] {
  const major =
    spec.postgresVersion !== undefined && supportedVersions.includes(spec.postgresVersion)
      ? spec.postgresVersion
      : "17";
  return Object.entries(spec.parameters ?? {}).flatMap(([name, value = ""]) => checkParameter(name, value, major));
}

function checkParameter(name: string, value: string, major: string): Problem[] {
  const path = under("parameters", name);
  const lower = name.toLowerCase();
  const reason = Object.hasOwn(owned, lower) ? owned[lower] : (family(lower) ?? undefined);
  if (reason !== undefined) return [{ path, message: reason }];
  const named = checkParameterName(path, name, value);
  if (named.length > 0) return named;
  if (!isKnownParameter(name, major)) {
    const near = nearestParameter(name, major);
    const fix = near === undefined ? "write it as <extension>.<name> if it is an extension's" : `did you mean ${near}?`;
    return [{ path, message: `is not a parameter of PostgreSQL ${major}, and would be ignored; ${fix}` }];
  }
  const on = Object.hasOwn(mustBeOn, name) ? mustBeOn[name] : undefined;
  const range = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  return problemsOf([
    {
      when: on !== undefined && off.includes(value.trim().toLowerCase()),
      path,
      message: `must stay on, got ${show(value)}: ${on}`,
    },
    {
      when: range !== undefined && !(number >= range.min && number <= range.max),
      path,
      message: `must be a whole number from ${range?.min} to ${range?.max}, got ${show(value)}: ${range?.why}`,
    },
    {
      when: name === "wal_level" && !["replica", "logical"].includes(value),
      path,
      message: `must be "replica" or "logical", got ${show(value)}: replicas stream the write-ahead log`,
    },
  ]);
}

function family(name: string): string | undefined {
  if (name === "ssl" || name.startsWith("ssl_")) return tls;
  return name.startsWith("recovery_target") ? recovery : undefined;
}

/** Checks name and value of any parameter: of the cluster, a user or a database. Values are not shown because they may be secret. */
export function checkParameterName(path: string, name: string, value: string): Problem[] {
  const upper = name !== name.toLowerCase() && isParameter(name.toLowerCase());
  return problemsOf([
    {
      when: upper,
      path,
      message: `must be in lower case: ${name.toLowerCase()}; PostgreSQL ignores case, its configuration files do not`,
    },
    {
      when: !upper && !isParameter(name),
      path,
      message:
        "is not a valid parameter name: lower-case letters, digits and _, a letter first, at most one dot, at most 63",
    },
    {
      when: hasControl(value) || hasLoneSurrogate(value),
      path,
      message: "must be one line without control characters or lone surrogates; the value is not shown",
    },
    {
      when: value.length > 1000,
      path,
      message: `must be at most 1000 characters, got ${value.length}; the value is not shown`,
    },
  ]);
}

const library = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;
export function checkPreloads(libraries: (string | undefined)[] = []): Problem[] {
  return libraries.flatMap((name, i) =>
    problemsOf([
      {
        when: name !== undefined && !library.test(name),
        path: under("sharedPreloadLibraries", i),
        message: `must be the plain name of a library, without path or comma, got ${show(name)}`,
      },
      {
        when: name !== undefined && libraries.indexOf(name) < i,
        path: under("sharedPreloadLibraries", i),
        message: `is listed twice, got ${show(name)}; remove one`,
      },
    ]),
  );
}

export function parameterWarnings(spec: Read<ClusterSpec>, { sync }: ClusterModel): string[] {
  const commit = spec.parameters?.synchronous_commit?.toLowerCase() ?? "on";
  if (sync === SyncMode.Off || ![...off, "local"].includes(commit)) return [];
  return [
    `parameters.synchronous_commit: ${show(commit)} waits for no replica, so sync "${sync}" does not save the last commits; ` +
      'leave it out, or set sync "off"',
  ];
}
