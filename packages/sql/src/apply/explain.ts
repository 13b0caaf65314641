import { ExplainedError, type Explanation, redact } from "../errors";
import type { Statement } from "../statement";
import { pooled } from "./pin";
import type { SqlTarget } from "./target";

interface CodedError extends Error {
  code?: string;
  detail?: string;
  hint?: string;
}

/** Checks the shape: an error of another realm (a vm context, a second copy of a library) is no instance of our Error. */
function coded(error: unknown): CodedError {
  const looksRight = typeof error === "object" && error !== null && typeof (error as Error).message === "string";
  return looksRight ? (error as CodedError) : new Error(String(error));
}

/** States that may pass: the server starts or moves, or another session changed the same row. */
const TRANSIENT_STATES = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "25006", // read_only_sql_transaction: the old primary after a switchover
  "55P03", // lock_not_available: our own lock_timeout
  "55006", // object_in_use: CREATE DATABASE while a session uses the template
  "53300", // too_many_connections
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "57P05", // idle_session_timeout
]);

const TRANSIENT_SYSTEM = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT", // a unix socket that is not there yet
]);

export function isTransient(error: unknown): boolean {
  if (error instanceof ExplainedError) return error.code !== undefined && isTransientCode(error.code, error.message);
  const e = coded(error);
  if (
    /Connection terminated|Client has encountered a connection error|timeout expired|not queryable|socket disconnected/i.test(
      e.message,
    )
  )
    return true;
  return isTransientCode(e.code ?? "", e.message);
}

/** True if another session holds a lock, which any role can cause with an uncommitted grant. */
export const isHeld = (error: unknown): boolean => coded(error).code === "55P03";

/** Table, function or schema: undefined_table, undefined_function, invalid_schema_name. */
const GONE = new Set(["42P01", "42883", "3F000"]);

/** Makes the error transient, so that the next attempt reads the catalog without the dropped object. */
export function orDropped(error: unknown): unknown {
  const e = coded(error);
  return GONE.has(e.code ?? "") ? Object.assign(new Error(e.message), { code: "40001" }) : error;
}

function isTransientCode(code: string, message: string): boolean {
  // Waiting does not help against a limit on one database either.
  if (isOfPooler(message) || isOfReplication(message) || (code === "53300" && /for database/.test(message)))
    return false;
  if (code === "XX000") return /tuple concurrently (updated|deleted)|cache lookup failed for/.test(message);
  return TRANSIENT_STATES.has(code) || TRANSIENT_SYSTEM.has(code) || code.startsWith("08");
}

/** PgBouncer accepts no settings in the startup packet; it reports them as a protocol violation. */
const isOfPooler = (message: string): boolean => /unsupported (options )?startup parameter/.test(message);

/** Replication into or out of a database does not end by itself. */
const isOfReplication = (message: string): boolean => /is (being )?used by .*logical replication/.test(message);

const WRONG_CA = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_SIGNATURE_FAILURE",
]);

/** Explains a failed connection, with a fix. */
export function explainConnection(target: SqlTarget, database: string, error: unknown): ExplainedError {
  if (error instanceof ExplainedError) return error;
  const e = coded(error);
  const at = `${target.host}:${target.port}`;
  if (isOfPooler(e.message)) return pooled(at, e.message);
  const known = tlsProblem(target, at, e) ?? loginProblem(target, at, database, e);
  const problem: Explanation = known ??
    refusedProblem(at, e) ?? {
      path: at,
      problem: "the server cannot be reached",
      value: e.code === undefined ? e.message : `${e.code} (${e.message})`,
      fix: "check that it runs, that host and port are right, and that a firewall lets this machine in",
    };
  return new ExplainedError(clean(problem, [target.password]), e.code);
}

/** The server answered, so it was reached: only classes 08, 53 and 57 are about the connection. */
function refusedProblem(at: string, e: CodedError): Explanation | undefined {
  const { code = "" } = e;
  if (!/^(?!08|53|57)[0-9A-Z]{5}$/.test(code) || code === "EPIPE") return undefined;
  const value = `${e.message} [${code}]`;
  return { path: at, problem: "the server refused a query", value, fix: FIXES[code] ?? "see the server's message" };
}

function tlsProblem(target: SqlTarget, at: string, e: CodedError): Explanation | undefined {
  const name = (target.tls && target.tls.serverName) || target.host;
  if (/does not support SSL/.test(e.message)) {
    const fix = "turn TLS on there (ssl = on, ssl_cert_file, ssl_key_file); an unencrypted connection is never made";
    return { path: at, problem: "the server does not speak TLS", value: "no TLS", fix };
  }
  if (WRONG_CA.has(e.code ?? "")) {
    const problem = "the server's certificate is not signed by the given CA";
    return {
      path: at,
      problem,
      value: e.code ?? "",
      fix: "give the PEM of the root CA that signed it, as tls.ca (the provider's cacert)",
    };
  }
  if (e.code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    const fix = "connect by a name that the certificate has, or give that name as tls.serverName";
    return { path: at, problem: `the server's certificate is not for ${name}`, value: name, fix };
  }
  if (e.code === "CERT_HAS_EXPIRED" || e.code === "CERT_NOT_YET_VALID") {
    return {
      path: at,
      problem: "the server's certificate is not valid now",
      value: e.code,
      fix: "renew it, or set the clocks right",
    };
  }
  if (
    /certificate required|alert number 116|alert number 42|connection requires a valid client certificate/i.test(
      e.message,
    )
  ) {
    return {
      path: at,
      problem: "the server wants a client certificate",
      value: "none that it accepts",
      fix: "give tls.cert and tls.key",
    };
  }
  return undefined;
}

function loginProblem(target: SqlTarget, at: string, database: string, e: CodedError): Explanation | undefined {
  const user = target.user;
  switch (e.code) {
    case "28000": {
      if (/not permitted to log in/.test(e.message)) {
        return {
          path: at,
          problem: "the admin user may not log in",
          value: user,
          fix: `run ALTER ROLE "${user}" LOGIN as a superuser`,
        };
      }
      if (!/pg_hba/.test(e.message))
        return {
          path: at,
          problem: "the server refused the admin user",
          value: e.message,
          fix: "check the user's name",
        };
      const fix = `add a line such as: hostssl ${database} ${user} <this machine's address>/32 scram-sha-256; then reload the server`;
      return { path: at, problem: "pg_hba.conf lets nobody in this way", value: e.message, fix };
    }
    case "28P01":
      return {
        path: at,
        problem: "wrong user name or password",
        value: `user ${user}`,
        fix: "check the admin user's name and password",
      };
    case "3D000":
      return {
        path: at,
        problem: "the database does not exist",
        value: database,
        fix: "give one that exists as the target's database",
      };
    case "42501":
      return {
        path: at,
        problem: "the admin user may not connect to the database",
        value: `${user} to ${database}`,
        fix: `run GRANT CONNECT ON DATABASE "${database}" TO "${user}" as its owner`,
      };
    case "53300":
      if (/for database/.test(e.message))
        return {
          path: at,
          problem: "the database lets no more connections in",
          value: e.message,
          fix: `run ALTER DATABASE "${database}" CONNECTION LIMIT -1, or declare connlimit`,
        };
      return {
        path: at,
        problem: "the server has no free connection",
        value: e.message,
        fix: "raise max_connections or close sessions",
      };
    default:
      return undefined;
  }
}

/** Fixes for refused statements, by SQLSTATE. */
const FIXES: Record<string, string> = {
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

/** Explains a failed statement, without its secrets. */
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

function clean(p: Explanation, secrets: readonly string[]): Explanation {
  return {
    path: redact(p.path, secrets),
    problem: redact(p.problem, secrets),
    value: redact(p.value, secrets),
    fix: redact(p.fix, secrets),
  };
}
