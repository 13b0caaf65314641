import { first } from "@pgharbor/core";
import type { Client } from "pg";
import { ExplainedError } from "../errors";
import type { Statement } from "../statement";
import { explainStatement } from "./explain-statement";
import { isTransient, orDropped } from "./transient";

/** Statements for each round trip: a thousand users must not need a thousand round trips on a slow connection. */
const CHUNK = 200;
const SAVEPOINT = "pgharbor_chunk";

/**
 * Reduces statement logging and the display in pg_stat_activity as far as this admin may, and returns the previous values. Skips parameters that the server does not have or
 * only superusers may set: the statements contain verifiers, never passwords.
 */
const QUIET = `
  with wish(name, value) as (values ('log_statement', 'none'), ('log_min_duration_statement', '-1'), ('log_min_duration_sample', '-1'),
    ('log_min_error_statement', 'panic'), ('pgaudit.log', 'none'), ('pg_stat_statements.track_utility', 'off'), ('track_activities', 'off'))
  select name, setting as before, pg_catalog.set_config(name, value, true)
  from wish join pg_catalog.pg_settings using (name)
  where (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
    or exists (select from pg_catalog.pg_parameter_acl p cross join lateral pg_catalog.aclexplode(p.paracl) a
      where p.parname = name and a.privilege_type = 'SET' and (a.grantee = 0 or pg_catalog.pg_has_role(current_user, a.grantee, 'USAGE')))`;

type Settings = { name: string; before: string }[];

function chunks(statements: readonly Statement[]): Statement[][] {
  const out: Statement[][] = [];
  for (const s of statements) {
    const last = out[out.length - 1];
    if (last && last.length < CHUNK && first(last).sensitive === s.sensitive) last.push(s);
    else out.push([s]);
  }
  return out;
}

const failure = (s: Statement, error: unknown, secrets: readonly string[]): unknown =>
  isTransient(error) && !(error instanceof ExplainedError)
    ? error
    : explainStatement(s, s.ofSeen === true ? orDropped(error) : error, secrets);

/** Runs statements in an open transaction. */
export async function runAll(
  client: Client,
  statements: readonly Statement[],
  secrets: readonly string[],
): Promise<void> {
  let quiet: Settings | undefined;
  for (const chunk of chunks(statements)) {
    if (first(chunk).sensitive && !quiet) quiet = (await client.query<Settings[number]>(QUIET)).rows;
    if (!first(chunk).sensitive && quiet) quiet = await restore(client, quiet);
    await runChunk(client, chunk, secrets);
  }
  if (quiet) await restore(client, quiet);
}

async function restore(client: Client, settings: Settings): Promise<undefined> {
  for (const { name, before } of settings)
    await client.query("select pg_catalog.set_config($1, $2, true)", [name, before]);
}

async function runChunk(client: Client, chunk: readonly Statement[], secrets: readonly string[]): Promise<void> {
  if (chunk.length === 1) return runOne(client, first(chunk), secrets);
  await client.query(`SAVEPOINT ${SAVEPOINT}`);
  try {
    await query(client, chunk.map((s) => s.sql).join(";\n"));
  } catch (error) {
    if (isTransient(error)) throw error;
    // The server does not tell which statement failed, so they run again one by one.
    await client.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    for (const s of chunk) await runOne(client, s, secrets);
  }
  await client.query(`RELEASE SAVEPOINT ${SAVEPOINT}`);
}

/** GRANT and REVOKE without the necessary rights only warn, and would be retried forever. */
const NOTHING_DONE = new Set(["01006", "01007"]);

async function query(client: Client, sql: string): Promise<void> {
  let warning: Error | undefined;
  const listen = ({ code = "", message }: { code?: string; message?: string }): void => {
    if (NOTHING_DONE.has(code)) warning ??= Object.assign(new Error(message), { code: "42501" });
  };
  client.on("notice", listen);
  try {
    await client.query(sql);
  } finally {
    client.off("notice", listen);
  }
  // DROP OWNED warns about rights that other grantors must revoke; DROP ROLE then names them.
  if (warning && !/\bDROP OWNED BY\b/.test(sql)) throw warning;
}

/** Runs one statement; an error names it. */
export async function runOne(client: Client, s: Statement, secrets: readonly string[]): Promise<void> {
  try {
    await query(client, s.sql);
  } catch (error) {
    throw failure(s, error, secrets);
  }
}

/** Runs `fn` in one transaction. */
export async function inTransaction<T>(client: Client, fn: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await fn();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
