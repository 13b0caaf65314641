/** One SQL statement of a plan, with all that a person needs to judge it. */
export interface Statement {
  /** The database it runs in; undefined: the maintenance database, where shared objects are changed. */
  database?: string;
  /** What is sent. May hold a SCRAM verifier, never a password. */
  sql: string;
  /** What may be shown: `sql` without verifiers and without the user's own baseline SQL. */
  display: string;
  /** Why it is in the plan. */
  reason: string;
  /** Whether it removes an object or data. */
  destructive: boolean;
  /** False for what PostgreSQL refuses in a transaction (CREATE DATABASE, DROP DATABASE, SET TABLESPACE). */
  transactional: boolean;
  /** Whether `sql` must stay out of the server's log: it holds a verifier. */
  sensitive: boolean;
  /** The database that it makes. */
  creates?: string;
  /** Roles whose rights the admin needs for it. A superuser has them all; another admin is made a member for the transaction. */
  needs: readonly string[];
  /** Whether the objects that it names were seen in the catalog: when they are gone, somebody dropped them, and the catalog is read again. */
  ofSeen?: boolean;
}

/** A statement with the usual flags; `sql` doubles as its display form. */
export function statement(
  sql: string,
  reason: string,
  more: Partial<Omit<Statement, "sql" | "reason">> = {},
): Statement {
  return { sql, display: sql, reason, destructive: false, transactional: true, sensitive: false, needs: [], ...more };
}
