-- Made by pgharbor. A change made here is lost: change the program and run `pulumi up`.

SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET pg_stat_statements.track_utility = off;

-- Manages users and databases. No superuser; from PostgreSQL 16 on it can only hand out attributes that it has.
CREATE ROLE pgharbor_admin LOGIN CREATEROLE CREATEDB REPLICATION BYPASSRLS PASSWORD 'SCRAM-SHA-256$4096:q2hs18tXt113UPR6bc7D/g==$IHh/WSz94BB3nKgER1aPX3tade1JzA4gSc2Sp21lo4c=:MDFOhyOoXZ0+OdIK+ga+rV7xlpQvoJuRqHw1N0HPCjo=';
-- Runs PgBouncer's auth_query.
CREATE ROLE pgharbor_pooler LOGIN CONNECTION LIMIT 100 PASSWORD 'SCRAM-SHA-256$4096:nM7/eYoklZ8ZAw4nH6MoQQ==$gEMKREE02ggUJoRocczTMugUd9wHq08uO6hJbh2cpKc=:xe85cLMHoMC6Elkz7vmnr6hBEd2R+4hJeNXITxek3C8=';
-- Asks whether a server takes writes.
CREATE ROLE pgharbor_check LOGIN CONNECTION LIMIT 20 PASSWORD 'SCRAM-SHA-256$4096:oWSFxaEFfT6VeJ6uC9yOkA==$lGlDiywrBgC/Pw/U9AzyW/eS6eiOdphwsXX6aCYN/ds=:UkUVCXVRPAc7dMkV/lsl1NKT/PZH/5I4z6oW+u/O8T8=';
-- Patroni gives these two their passwords and rights.
CREATE ROLE pgharbor_replication LOGIN REPLICATION;
CREATE ROLE pgharbor_rewind LOGIN;
-- Its members get in directly only.
CREATE ROLE pgharbor_unpooled NOLOGIN;
GRANT pgharbor_unpooled TO pgharbor_admin WITH ADMIN OPTION;
-- Its members run the baselines of new databases.
CREATE ROLE pgharbor_baseline NOLOGIN;
GRANT pgharbor_baseline TO pgharbor_admin WITH ADMIN OPTION;
-- What the cluster itself lives by gets in when all else is taken.
DO $$
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int < 160000 THEN RETURN; END IF;
  GRANT pg_use_reserved_connections TO pgharbor_pooler, pgharbor_check, pgharbor_rewind, pgharbor_baseline;
END $$;

-- What it may hand out without being superuser.
GRANT pg_monitor, pg_read_all_settings, pg_signal_backend TO pgharbor_admin WITH ADMIN OPTION;
DO $$
DECLARE predefined text;
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int < 160000 THEN RETURN; END IF;
  FOR predefined IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN (
    'pg_checkpoint', 'pg_create_subscription', 'pg_maintain', 'pg_read_all_data',
    'pg_read_all_stats', 'pg_stat_scan_tables', 'pg_use_reserved_connections', 'pg_write_all_data')
  LOOP
    EXECUTE pg_catalog.format('GRANT %I TO pgharbor_admin WITH ADMIN TRUE, INHERIT FALSE, SET FALSE', predefined);
  END LOOP;
  -- Used by itself, too: it gets in when all else is taken. As text: PostgreSQL 15 cannot read this statement, and a block is read whole.
  EXECUTE 'GRANT pg_use_reserved_connections TO pgharbor_admin WITH INHERIT TRUE';
END $$;
GRANT SET ON PARAMETER
    compute_query_id, deadlock_timeout, lc_messages, log_duration,
    log_error_verbosity, log_lock_waits, log_min_duration_sample, log_min_duration_statement,
    log_min_error_statement, log_parameter_max_length, log_statement, log_statement_sample_rate,
    log_temp_files, log_transaction_sample_rate, pg_stat_statements.track, pg_stat_statements.track_planning,
    pg_stat_statements.track_utility, temp_file_limit, track_activities, track_counts,
    track_functions, track_io_timing, track_wal_io_timing
  TO pgharbor_admin WITH GRANT OPTION;

ALTER ROLE pgharbor_admin SET log_statement = 'none';
ALTER ROLE pgharbor_admin SET log_min_duration_statement = -1;
ALTER ROLE pgharbor_admin SET log_min_error_statement = 'panic';
ALTER ROLE pgharbor_admin SET pg_stat_statements.track_utility = off;

-- No one connects to a database, or writes into public, whom nobody let.
REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO pgharbor_admin, pgharbor_check, pgharbor_pooler, pgharbor_rewind;
GRANT CONNECT ON DATABASE template1 TO pgharbor_admin;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA pgharbor;
REVOKE ALL ON SCHEMA pgharbor FROM PUBLIC;
GRANT USAGE ON SCHEMA pgharbor TO pgharbor_admin, pgharbor_pooler;
-- Here the admin keeps its record of what it made.
GRANT CREATE ON SCHEMA pgharbor TO pgharbor_admin;

-- Superusers, roles that replicate, the cluster's own, those that are not to be pooled, and those without a password that holds
-- are as unknown as a name that nobody has. Where there is no row PgBouncer says "no such user": so that no answer tells names,
-- these get a verifier that no password fits. PgBouncer never forgets a user, so all of them share a few.
CREATE FUNCTION pgharbor.pooler_lookup(name text, OUT username text, OUT verifier text)
  RETURNS SETOF record LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(found.rolname::text, 'pgharbor_nobody_' || get_byte(nobody.hash, 0)),
    coalesce(found.rolpassword, format('SCRAM-SHA-256$4096:%s$%s:%s',
      encode(substr(nobody.salt, 1, 16), 'base64'), encode(sha256(nobody.salt || 'a'), 'base64'), encode(sha256(nobody.salt || 'b'), 'base64')))
  FROM (
    SELECT hash, sha256(convert_to(secret, 'UTF8') || substr(hash, 1, 1)) AS salt
    FROM (
      SELECT rolpassword AS secret, sha256(convert_to(rolpassword || $1, 'UTF8')) AS hash
      FROM pg_authid WHERE rolname = 'pgharbor_pooler') AS own) AS nobody
  LEFT JOIN pg_authid AS found
    ON found.rolname = $1 AND rolcanlogin AND NOT rolsuper AND NOT rolreplication AND NOT starts_with(found.rolname, 'pgharbor_')
    AND found.rolpassword IS NOT NULL AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
    AND NOT EXISTS (
      SELECT FROM pg_auth_members JOIN pg_authid AS barred ON barred.oid = roleid
      WHERE member = found.oid AND barred.rolname = 'pgharbor_unpooled')
$$;
REVOKE ALL ON FUNCTION pgharbor.pooler_lookup(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgharbor.pooler_lookup(text) TO pgharbor_pooler;

-- Shows the admin that a password differs from the declared one.
CREATE FUNCTION pgharbor.role_verifiers(OUT rolname text, OUT verifier text)
  RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT role.rolname::text, rolpassword FROM pg_authid AS role
  WHERE NOT rolsuper AND NOT starts_with(role.rolname, 'pgharbor_')
$$;
REVOKE ALL ON FUNCTION pgharbor.role_verifiers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgharbor.role_verifiers() TO pgharbor_admin;
