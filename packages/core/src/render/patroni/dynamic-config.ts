import type { ClusterModel } from "../../model/types";
import type { Json } from "../text/json-value";
import { RESERVED } from "../../model/connection-budget";
import { SyncMode } from "../../spec";
import { TLS12_CIPHERS } from "../tls-ciphers";
import { sortedDeep, sortedEntries } from "../text/sorted";

/**
 * Patroni's dynamic configuration, one document for the whole cluster in its store. A change reloads, or restarts one member after the
 * other; it never replaces a container. `hba`: lines of pg_hba.conf.
 */
export function renderDynamicConfig(model: ClusterModel, hba: readonly string[]): { [key: string]: Json } {
  const document: { [key: string]: Json } = {
    ttl: model.ha.ttl,
    loop_wait: model.ha.loopWait,
    retry_timeout: model.ha.retryTimeout,
    // Keeps the primary during an outage of the store while every member answers it.
    failsafe_mode: true,
    maximum_lag_on_failover: model.maximumLag,
    // A returning primary still holds the leader lock by name; it hands over at once instead of recovering for minutes.
    primary_start_timeout: 0,
    ...synchronous(model),
    postgresql: {
      parameters: parameters(model),
      pg_hba: [...hba],
      // If pg_rewind fails, a new base backup is taken, so that no member stays out until an operator acts.
      remove_data_directory_on_diverged_timelines: true,
      remove_data_directory_on_rewind_failure: true,
      use_pg_rewind: true,
      use_slots: true,
    },
  };
  return sortedDeep(document) as { [key: string]: Json };
}

function synchronous({ sync, syncReplicas, waitsForReplicas }: ClusterModel): { [key: string]: Json } {
  return {
    synchronous_mode: waitsForReplicas ? "quorum" : false,
    synchronous_mode_strict: waitsForReplicas && sync === SyncMode.Strict,
    synchronous_node_count: Math.max(1, syncReplicas),
  };
}

function parameters(model: ClusterModel): { [key: string]: Json } {
  const asked = sortedEntries(model.parameters).map(([name, value]) => [name.toLowerCase(), value] as const);
  const allowed = asked.filter(([name]) => !owned.includes(name) && !name.startsWith("recovery_target"));
  return { ...defaults(model.logging), ...Object.fromEntries(allowed), ...enforced(model) };
}

/** Overridden by the profile and the program. */
const defaults = (logging: ClusterModel["logging"]): Record<string, string> => ({
  log_connections: onOff(logging.connections),
  log_disconnections: onOff(logging.disconnections),
  log_replication_commands: onOff(logging.replicationCommands),
  // Host, application, user and database of each line: a shared log is useless without them.
  log_line_prefix: "%m [%p] %q%h %a %u@%d ",
  ssl_ciphers: TLS12_CIPHERS,
  wal_level: "replica",
});

const onOff = (on: boolean): string => (on ? "on" : "off");

/** Override the profile and the program. */
const enforced = (model: ClusterModel): Record<string, string> => ({
  hot_standby: "on",
  // Logs go to the container's output.
  log_destination: "stderr",
  logging_collector: "off",
  // Bound values may be secret, so failing statements do not log them.
  log_parameter_max_length_on_error: "0",
  password_encryption: "scram-sha-256",
  // Before 16 only HAProxy's limits keep connections free.
  ...(model.postgresMajor >= 16 ? { reserved_connections: String(RESERVED) } : {}),
  shared_preload_libraries: model.sharedPreloadLibraries.map(libraryName).join(","),
  ssl: "on",
  wal_log_hints: "on",
  ...archiving(model),
  ...(model.parameters.wal_level === "logical" ? {} : { wal_level: "replica" }),
});

/** Always on, so that backups can be turned on and off with a reload: `archive_mode` would need a restart. */
const archiving = ({ backups }: ClusterModel): Record<string, string> => ({
  archive_mode: "on",
  // https://www.postgresql.org/docs/17/runtime-config-wal.html#GUC-ARCHIVE-COMMAND: true gives up each file at once.
  archive_command: backups === undefined ? "/bin/true" : `pgbackrest-archive ${backups.stanza} "%p"`,
  archive_timeout: backups === undefined ? "0" : `${backups.recoveryPoint}s`,
});

/** Quotes a library name where PostgreSQL's list parser (SplitDirectoriesString) needs it. */
const libraryName = (name: string): string => (/^[\w$./-]+$/.test(name) ? name : `"${name.replace(/"/g, '""')}"`);

/** Set by Patroni, or by a member's own file. */
const owned = [
  "cluster_name",
  "config_file",
  "data_directory",
  "external_pid_file",
  "hba_file",
  "ident_file",
  "listen_addresses",
  "port",
  "primary_conninfo",
  "primary_slot_name",
  "promote_trigger_file",
  "recovery_end_command",
  "recovery_min_apply_delay",
  "restore_command",
  "ssl_ca_file",
  "ssl_cert_file",
  "ssl_crl_dir",
  "ssl_crl_file",
  "ssl_key_file",
  "ssl_passphrase_command",
  "synchronous_standby_names",
  "unix_socket_directories",
];
