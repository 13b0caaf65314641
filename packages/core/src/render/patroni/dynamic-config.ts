import { waitsForReplicas } from "../../plan/ha-plan";
import type { ClusterFacts, Json } from "../../plan/types";
import { RESERVED } from "../../rules/connection-budget";
import { SyncMode } from "../../spec";
import { TLS12_CIPHERS } from "../tls-ciphers";
import { sortedDeep, sortedEntries } from "../text/sorted";

export interface DynamicConfigInput {
  /** From the tuning profile and the person, in that order. */
  parameters: Readonly<Record<string, string>>;
  /** Lines of pg_hba.conf. */
  hba: readonly string[];
  sync: SyncMode;
  syncReplicas: number;
  /** Bytes that a replica may be behind and still be elected. */
  maximumLag: number;
  sharedPreloadLibraries: readonly string[];
}

/**
 * Patroni's dynamic configuration, one document for the whole cluster, kept in its store. Changing it reloads, or restarts
 * one member after the other; it never replaces a container.
 */
export function renderDynamicConfig(facts: ClusterFacts, input: DynamicConfigInput): { [key: string]: Json } {
  const document: { [key: string]: Json } = {
    ttl: facts.ha.ttl,
    loop_wait: facts.ha.loopWait,
    retry_timeout: facts.ha.retryTimeout,
    // Keeps the primary through an outage of the store while every member answers it.
    failsafe_mode: true,
    maximum_lag_on_failover: input.maximumLag,
    // A primary that comes back still owns the lock by name; it hands over at once instead of recovering for minutes.
    primary_start_timeout: 0,
    ...synchronous(input),
    postgresql: {
      parameters: parameters(facts, input),
      pg_hba: [...input.hba],
      // Where pg_rewind cannot help, a new base backup can: no member stays out until a person comes.
      remove_data_directory_on_diverged_timelines: true,
      remove_data_directory_on_rewind_failure: true,
      use_pg_rewind: true,
      use_slots: true,
    },
  };
  return sortedDeep(document) as { [key: string]: Json };
}

function synchronous({ sync, syncReplicas }: DynamicConfigInput): { [key: string]: Json } {
  const on = waitsForReplicas({ sync, syncReplicas });
  return {
    synchronous_mode: on ? "quorum" : false,
    synchronous_mode_strict: on && sync === SyncMode.Strict,
    synchronous_node_count: Math.max(1, syncReplicas),
  };
}

function parameters(facts: ClusterFacts, input: DynamicConfigInput): { [key: string]: Json } {
  const asked = sortedEntries(input.parameters).map(([name, value]) => [name.toLowerCase(), value] as const);
  const allowed = asked.filter(([name]) => !owned.includes(name) && !name.startsWith("recovery_target"));
  return { ...defaults(facts.logging), ...Object.fromEntries(allowed), ...enforced(facts, input) };
}

/** Under what the profile and the person say. */
const defaults = (logging: ClusterFacts["logging"]): Record<string, string> => ({
  log_connections: onOff(logging.connections),
  log_disconnections: onOff(logging.disconnections),
  log_replication_commands: onOff(logging.replicationCommands),
  // Host, application, user and database of each line: a shared log is of no use without.
  log_line_prefix: "%m [%p] %q%h %a %u@%d ",
  ssl_ciphers: TLS12_CIPHERS,
  wal_level: "replica",
});

const onOff = (on: boolean): string => (on ? "on" : "off");

/** Over what anyone says. */
const enforced = ({ postgresMajor }: ClusterFacts, input: DynamicConfigInput): Record<string, string> => ({
  hot_standby: "on",
  // The container's log is the log.
  log_destination: "stderr",
  logging_collector: "off",
  // What a client binds may be a secret: not even a failing statement shows it.
  log_parameter_max_length_on_error: "0",
  password_encryption: "scram-sha-256",
  // Before 16 there are none, and only what HAProxy lets through keeps places free.
  ...(postgresMajor >= 16 ? { reserved_connections: String(RESERVED) } : {}),
  shared_preload_libraries: input.sharedPreloadLibraries.map(libraryName).join(","),
  ssl: "on",
  wal_log_hints: "on",
  ...(input.parameters.wal_level === "logical" ? {} : { wal_level: "replica" }),
});

/** A list of names as PostgreSQL splits it (SplitDirectoriesString): quotes where a plain word would not do. */
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
