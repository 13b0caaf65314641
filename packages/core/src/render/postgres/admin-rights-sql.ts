/** PostgreSQL's own roles that the admin may give to users, with the first major that has each. */
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

/** With any of these a user can make themselves superuser. */
export const superuserRoles = ["pg_execute_server_program", "pg_read_server_files", "pg_write_server_files"];

/** Parameters of superusers that the admin may set for users and databases: what is logged and counted, and limits. */
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

/** The admin has the rights of these, too. */
const withRights = ["pg_monitor", "pg_read_all_settings", "pg_signal_backend"];

/**
 * What the admin may hand out without being superuser. Of the other roles it has no rights itself. Before PostgreSQL 16 CREATEROLE is
 * enough to give them, and a membership could not be held without its rights.
 */
export const adminRights = (admin: string): string => `\
-- What it may hand out without being superuser.
GRANT ${withRights.join(", ")} TO ${admin} WITH ADMIN OPTION;
DO $$
DECLARE predefined text;
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int < 160000 THEN RETURN; END IF;
  FOR predefined IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN (
    ${lines(handedOut.map((role) => `'${role}'`))})
  LOOP
    EXECUTE pg_catalog.format('GRANT %I TO ${admin} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', predefined);
  END LOOP;
  -- Used by itself, too: it gets in when all else is taken. As text: PostgreSQL 15 cannot read this statement, and a block is read whole.
  EXECUTE 'GRANT pg_use_reserved_connections TO ${admin} WITH INHERIT TRUE';
END $$;
GRANT SET ON PARAMETER
    ${lines(adminParameters)}
  TO ${admin} WITH GRANT OPTION;
`;

const handedOut = Object.keys(predefinedRoles).filter((role) => !withRights.includes(role));

function lines(items: readonly string[]): string {
  const rows = Array.from({ length: Math.ceil(items.length / 4) }, (_, i) => items.slice(i * 4, i * 4 + 4).join(", "));
  return rows.join(",\n    ");
}
