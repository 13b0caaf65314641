import { ExplainedError, type Explanation, redact } from "../errors";
import type { Statement } from "../statement";
import { coded, isOfReplication } from "./transient";

/** Fixes for refused statements, by SQLSTATE. */
export const FIXES: Record<string, string> = {
  "42501": "give the admin user that right: WITH ADMIN OPTION on the role, membership in the owner, or superuser",
  "42704": "create the object first, or correct its name",
  "42939": "choose a name that does not start with pg_",
  "42710": "choose another name, or set adopt: true",
  "42P04": "choose another name, or set adopt: true",
  "0LP01": "take one of the two memberships out: they form a loop, or the role cannot have members",
  "22023": "correct the value",
  "2BP01": "remove what depends on it first",
  "2BP02": "remove what depends on it first",
  "0A000": "this server's version cannot do it: leave the field out",
  "58P01": "install the extension's files on every member (see pg_available_extensions)",
  "57014": "give the server more time (statement_timeout), or find out what blocks it (pg_locks)",
  "53200": "raise max_locks_per_transaction, which takes a restart, and try again",
  "55P03": "find out what holds the lock (pg_locks), and try again",
  "55006": "close the sessions that use it, and try again",
};

const END_REPLICATION =
  "in that database, end its subscriptions (ALTER SUBSCRIPTION x DISABLE, then SET (slot_name = NONE), then DROP SUBSCRIPTION x) " +
  "and its replication slots (pg_drop_replication_slot), and try again";

/** Explains a failed statement without revealing secrets in it. */
export function explainStatement(
  failed: Pick<Statement, "display" | "sensitive" | "database">,
  error: unknown,
  secrets: readonly string[],
): ExplainedError {
  if (error instanceof ExplainedError) return error;
  const e = coded(error);
  // Both may quote the statement.
  const detail = e.detail !== undefined && !failed.sensitive ? ` (${e.detail})` : "";
  const hint = e.hint !== undefined && !failed.sensitive ? `the server's hint: ${e.hint}` : undefined;
  const fix = isOfReplication(e.message) ? END_REPLICATION : FIXES[e.code ?? ""];
  const problem: Explanation = {
    path: failed.database === undefined ? failed.display : `${failed.database}: ${failed.display}`,
    problem: "the server refused the statement",
    value: `${e.message}${detail}${e.code === undefined ? "" : ` [${e.code}]`}`,
    fix: [fix, hint].filter((known) => known !== undefined).join("; ") || "see the server's message",
  };
  return new ExplainedError(clean(problem, secrets), e.code);
}

export function clean(p: Explanation, secrets: readonly string[]): Explanation {
  return {
    path: redact(p.path, secrets),
    problem: redact(p.problem, secrets),
    value: redact(p.value, secrets),
    fix: redact(p.fix, secrets),
  };
}
