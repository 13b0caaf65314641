import { systemUsers } from "../../names";
import type { DeferredValues } from "../deferred-values";
import { banner } from "../text/banner";
import { adminRights } from "./admin-rights-sql";
import { scramVerifier } from "./scram-verifier";

/** PgBouncer's auth_query calls it in the database `postgres`. */
export const POOLER_LOOKUP = "pgharbor.pooler_lookup";
/** A role whose members no pooler accepts. */
export const UNPOOLED_ROLE = "pgharbor_unpooled";
/** A role whose members pg_hba.conf lets in like the admin, whatever the program's rules: logins that run baselines. */
export const BASELINE_ROLE = "pgharbor_baseline";

/** Prefix of users, followed by a number, that PgBouncer gets for unknown users. No role has these names. */
const NOBODY = "pgharbor_nobody_";

const { admin, poolerAuth, check, replication, rewind } = systemUsers;

/** post-init.sql: the cluster's own roles and functions, created once, as the superuser, in the database `postgres`. */
export const renderPostInitSql = (deferred: DeferredValues): string =>
  [banner("--"), quiet, roles(deferred), adminRights(admin), quietAdmin, databases, lookup, verifiers].join("\n");

/** The file contains only verifiers, and even these stay out of the log and of pg_stat_statements. */
export const quiet = `\
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET pg_stat_statements.track_utility = off;
`;

const password = (deferred: DeferredValues, user: "admin" | "poolerAuth" | "check"): string =>
  `PASSWORD '${scramVerifier(systemUsers[user], deferred.passwords[user])}'`;

const roles = (deferred: DeferredValues): string => `\
-- Manages users and databases. No superuser; from PostgreSQL 16 on it can only hand out attributes that it has.
CREATE ROLE ${admin} LOGIN CREATEROLE CREATEDB REPLICATION BYPASSRLS ${password(deferred, "admin")};
-- Runs PgBouncer's auth_query.
CREATE ROLE ${poolerAuth} LOGIN CONNECTION LIMIT 100 ${password(deferred, "poolerAuth")};
-- Asks whether a server takes writes.
CREATE ROLE ${check} LOGIN CONNECTION LIMIT 20 ${password(deferred, "check")};
-- Patroni gives these two their passwords and rights.
CREATE ROLE ${replication} LOGIN REPLICATION;
CREATE ROLE ${rewind} LOGIN;
-- Its members get in directly only.
CREATE ROLE ${UNPOOLED_ROLE} NOLOGIN;
GRANT ${UNPOOLED_ROLE} TO ${admin} WITH ADMIN OPTION;
-- Its members run the baselines of new databases.
CREATE ROLE ${BASELINE_ROLE} NOLOGIN;
GRANT ${BASELINE_ROLE} TO ${admin} WITH ADMIN OPTION;
-- What the cluster itself lives by gets in when all else is taken.
DO $$
BEGIN
  IF pg_catalog.current_setting('server_version_num')::int < 160000 THEN RETURN; END IF;
  GRANT pg_use_reserved_connections TO ${poolerAuth}, ${check}, ${rewind}, ${BASELINE_ROLE};
END $$;
`;

/** The admin's statements may contain verifiers. As no superuser it could not set these itself. */
const quietAdmin = `\
ALTER ROLE ${admin} SET log_statement = 'none';
ALTER ROLE ${admin} SET log_min_duration_statement = -1;
ALTER ROLE ${admin} SET log_min_error_statement = 'panic';
ALTER ROLE ${admin} SET pg_stat_statements.track_utility = off;
`;

const databases = `\
-- No one connects to a database, or writes into public, whom nobody let.
REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO ${[admin, check, poolerAuth, rewind].join(", ")};
GRANT CONNECT ON DATABASE template1 TO ${admin};
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
`;

const lookup = `\
CREATE SCHEMA pgharbor;
REVOKE ALL ON SCHEMA pgharbor FROM PUBLIC;
GRANT USAGE ON SCHEMA pgharbor TO ${admin}, ${poolerAuth};
-- Here the admin keeps its record of what it made.
GRANT CREATE ON SCHEMA pgharbor TO ${admin};

-- Superusers, roles that replicate, the cluster's own, those that are not to be pooled, and those without a password that holds
-- are as unknown as a name that nobody has. Where there is no row PgBouncer says "no such user": so that no answer tells names,
-- these get a verifier that no password fits. PgBouncer never forgets a user, so all of them share a few.
CREATE FUNCTION ${POOLER_LOOKUP}(name text, OUT username text, OUT verifier text)
  RETURNS SETOF record LANGUAGE sql STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce(found.rolname::text, '${NOBODY}' || get_byte(nobody.hash, 0)),
    coalesce(found.rolpassword, format('SCRAM-SHA-256$4096:%s$%s:%s',
      encode(substr(nobody.salt, 1, 16), 'base64'), encode(sha256(nobody.salt || 'a'), 'base64'), encode(sha256(nobody.salt || 'b'), 'base64')))
  FROM (
    SELECT hash, sha256(convert_to(secret, 'UTF8') || substr(hash, 1, 1)) AS salt
    FROM (
      SELECT rolpassword AS secret, sha256(convert_to(rolpassword || $1, 'UTF8')) AS hash
      FROM pg_authid WHERE rolname = '${poolerAuth}') AS own) AS nobody
  LEFT JOIN pg_authid AS found
    ON found.rolname = $1 AND rolcanlogin AND NOT rolsuper AND NOT rolreplication AND NOT starts_with(found.rolname, 'pgharbor_')
    AND found.rolpassword IS NOT NULL AND (rolvaliduntil IS NULL OR rolvaliduntil > now())
    AND NOT EXISTS (
      SELECT FROM pg_auth_members JOIN pg_authid AS barred ON barred.oid = roleid
      WHERE member = found.oid AND barred.rolname = '${UNPOOLED_ROLE}')
$$;
REVOKE ALL ON FUNCTION ${POOLER_LOOKUP}(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ${POOLER_LOOKUP}(text) TO ${poolerAuth};
`;

const verifiers = `\
-- Shows the admin that a password differs from the declared one.
CREATE FUNCTION pgharbor.role_verifiers(OUT rolname text, OUT verifier text)
  RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT role.rolname::text, rolpassword FROM pg_authid AS role
  WHERE NOT rolsuper AND NOT starts_with(role.rolname, 'pgharbor_')
$$;
REVOKE ALL ON FUNCTION pgharbor.role_verifiers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgharbor.role_verifiers() TO ${admin};
`;
