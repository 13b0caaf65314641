import { adminParameters, predefinedRoles } from "../../model/admin-rights";

/** Roles whose rights the admin has, too. */
const withRights = ["pg_monitor", "pg_read_all_settings", "pg_signal_backend"];

/**
 * Roles and parameters that the admin may grant without being superuser. It has no rights of the other roles. Before PostgreSQL 16
 * CREATEROLE suffices to grant them, and a membership always includes the rights.
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
