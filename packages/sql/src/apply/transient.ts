import { ExplainedError } from "../errors";

export interface CodedError extends Error {
  code?: string;
  detail?: string;
  hint?: string;
}

/** Checks the shape: an error of another realm (a vm context, a second copy of a library) is no instance of our Error. */
export function coded(error: unknown): CodedError {
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
export const isOfPooler = (message: string): boolean => /unsupported (options )?startup parameter/.test(message);

/** Replication into or out of a database does not end by itself. */
export const isOfReplication = (message: string): boolean => /is (being )?used by .*logical replication/.test(message);
