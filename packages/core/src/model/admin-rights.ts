/** PostgreSQL's own roles that the admin may grant to users, with the first major that has each. */
export const predefinedRoles: Readonly<Record<string, number>> = {
  pg_checkpoint: 15,
  pg_create_subscription: 16,
  pg_maintain: 17,
  pg_monitor: 15,
  pg_read_all_data: 15,
  pg_read_all_settings: 15,
  pg_read_all_stats: 15,
  pg_signal_backend: 15,
  pg_stat_scan_tables: 15,
  pg_use_reserved_connections: 16,
  pg_write_all_data: 15,
};

/** Any of these lets a user become superuser. */
export const superuserRoles = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];

/** Superuser parameters that the admin may set for users and databases: logging, statistics and limits. */
export const adminParameters = [
  "compute_query_id",
  "deadlock_timeout",
  "lc_messages",
  "log_duration",
  "log_error_verbosity",
  "log_lock_waits",
  "log_min_duration_sample",
  "log_min_duration_statement",
  "log_min_error_statement",
  "log_parameter_max_length",
  "log_statement",
  "log_statement_sample_rate",
  "log_temp_files",
  "log_transaction_sample_rate",
  "pg_stat_statements.track",
  "pg_stat_statements.track_planning",
  "pg_stat_statements.track_utility",
  "temp_file_limit",
  "track_activities",
  "track_counts",
  "track_functions",
  "track_io_timing",
  "track_wal_io_timing",
];
