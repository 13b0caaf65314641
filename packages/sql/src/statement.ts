/** One SQL statement of a plan. */
export interface Statement {
  /** The database in which it runs; undefined: the maintenance database, for shared objects. */
  database?: string;
  /** The SQL to send. May contain a SCRAM verifier, never a password. */
  sql: string;
  /** The text to show: `sql` without verifiers and without the user's own baseline SQL. */
  display: string;
  /** The reason for the statement. */
  reason: string;
  /** True if it removes an object or data. */
  destructive: boolean;
  /** False if PostgreSQL refuses it in a transaction (CREATE DATABASE, DROP DATABASE, SET TABLESPACE). */
  transactional: boolean;
  /** True if `sql` contains a verifier and must stay out of the server's log. */
  sensitive: boolean;
  /** The database that it creates. */
  creates?: string;
  /** Roles whose rights the admin needs for it. A superuser has them; another admin becomes a member for the transaction. */
  needs: readonly string[];
  /**
   * The role in whose name it runs, by SET LOCAL ROLE. Where one role is not the object's owner, PostgreSQL chooses the grantor of a GRANT or
   * REVOKE among all roles that it is a member of, and revokes only that one's grants.
   * https://www.postgresql.org/docs/17/sql-revoke.html#SQL-REVOKE-NOTES
   */
  as?: string;
  /**
   * True if the statement's objects were seen in the catalog. If they are gone, someone dropped them, and the catalog
   * is read again.
   */
  ofSeen?: boolean;
}

/** A statement with default flags; `sql` is also its display form. */
export function statement(
  sql: string,
  reason: string,
  more: Partial<Omit<Statement, "sql" | "reason">> = {},
): Statement {
  return { sql, display: sql, reason, destructive: false, transactional: true, sensitive: false, needs: [], ...more };
}
