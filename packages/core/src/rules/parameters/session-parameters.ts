/**
 * Parameters that every user may set in a session, by major. Created with
 * `select lower(name) from pg_settings where context = 'user' and name not like '%.%' order by 1`, plus two that it omits.
 */
import { adminParameters } from "../../model/admin-rights";
import { isKnownParameter, nearestParameter } from "./parameter-names";
import { checkParameterName } from "./parameters";
import { under, type Problem } from "../../errors";

const words = (text: string): string[] => text.trim().split(/\s+/);

const inBoth = words(`
  application_name array_nulls backend_flush_after backslash_quote bytea_output check_function_bodies
  client_connection_check_interval client_encoding client_min_messages commit_siblings constraint_exclusion
  cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost cursor_tuple_fraction datestyle debug_pretty_print
  debug_print_parse debug_print_plan debug_print_rewritten default_statistics_target default_table_access_method
  default_tablespace default_text_search_config default_toast_compression default_transaction_deferrable
  default_transaction_isolation default_transaction_read_only effective_cache_size effective_io_concurrency
  enable_async_append enable_bitmapscan enable_gathermerge enable_hashagg enable_hashjoin
  enable_incremental_sort enable_indexonlyscan enable_indexscan enable_material enable_memoize enable_mergejoin
  enable_nestloop enable_parallel_append enable_parallel_hash enable_partition_pruning
  enable_partitionwise_aggregate enable_partitionwise_join enable_seqscan enable_sort enable_tidscan
  escape_string_warning exit_on_error extra_float_digits from_collapse_limit geqo geqo_effort geqo_generations
  geqo_pool_size geqo_seed geqo_selection_bias geqo_threshold gin_fuzzy_search_limit gin_pending_list_limit
  hash_mem_multiplier idle_in_transaction_session_timeout idle_session_timeout intervalstyle jit jit_above_cost
  jit_expressions jit_inline_above_cost jit_optimize_above_cost jit_tuple_deforming join_collapse_limit
  lc_monetary lc_numeric lc_time local_preload_libraries lock_timeout log_parameter_max_length_on_error
  logical_decoding_work_mem maintenance_io_concurrency maintenance_work_mem max_parallel_maintenance_workers
  max_parallel_workers max_parallel_workers_per_gather min_parallel_index_scan_size min_parallel_table_scan_size
  parallel_leader_participation parallel_setup_cost parallel_tuple_cost password_encryption plan_cache_mode
  quote_all_identifiers random_page_cost recursive_worktable_factor restrict_nonsystem_relation_kind role
  row_security search_path seq_page_cost session_authorization standard_conforming_strings statement_timeout
  stats_fetch_consistency synchronize_seqscans synchronous_commit tcp_keepalives_count tcp_keepalives_idle
  tcp_keepalives_interval tcp_user_timeout temp_buffers temp_tablespaces timezone timezone_abbreviations
  trace_notify trace_sort transaction_deferrable transaction_isolation transaction_read_only
  transform_null_equals vacuum_cost_delay vacuum_cost_limit vacuum_cost_page_dirty vacuum_cost_page_hit
  vacuum_cost_page_miss vacuum_failsafe_age vacuum_freeze_min_age vacuum_freeze_table_age
  vacuum_multixact_failsafe_age vacuum_multixact_freeze_min_age vacuum_multixact_freeze_table_age
  wal_sender_timeout wal_skip_threshold work_mem xmlbinary xmloption
`);
const only: Record<string, string[]> = {
  "15": words(`
  force_parallel_mode
  `),
  "17": words(`
  createrole_self_grant debug_logical_replication_streaming debug_parallel_query enable_group_by_reordering
  enable_presorted_aggregate icu_validation_level io_combine_limit scram_iterations transaction_timeout
  vacuum_buffer_usage_limit
  `),
};

/** Finds parameters of users or databases that the cluster's admin, which is not a superuser, cannot set. */
export function checkAdminMaySet(at: string, parameters: Record<string, string | undefined>, major: string): Problem[] {
  return Object.keys(parameters).flatMap((name) => {
    const path = under(at, name);
    // Invalid names are reported elsewhere.
    if (checkParameterName(path, name, "").length > 0 || isForSessions(name, major)) return [];
    return [{ path, message: refusal(name, major) }];
  });
}

const isForSessions = (name: string, major: string): boolean =>
  inBoth.includes(name) || (only[major] ?? []).includes(name) || adminParameters.includes(name);

function refusal(name: string, major: string): string {
  if (name.includes("."))
    return "is a parameter of an extension or a custom one, which only a superuser may set for a user or database, and the cluster's admin is not one; set it in sessions, or for all users in the cluster's parameters";
  if (!isKnownParameter(name, major)) {
    const near = nearestParameter(name, major);
    return `is not a parameter of PostgreSQL ${major}; ${near === undefined ? "leave it out" : `did you mean ${near}?`}`;
  }
  return "applies to the whole server or needs a superuser, and the cluster's admin is not one; set it for all users in the cluster's parameters, or leave it out";
}
