import { first } from "@pgharbor/core";
import type { Client } from "pg";
import type { PlanContext } from "../diff/context";
import { ExplainedError } from "../errors";
import { recordOf } from "../ownership/ownership";
import { readBaselineLogins, recordBaseline } from "../ownership/store";
import { type Statement, statement } from "../statement";
import { makeBaselineLogin } from "./baseline-login";
import { connectPlainly } from "./connect";
import { inTransaction } from "./execute";
import { explainStatement } from "./explain-statement";
import { isTransient } from "./transient";
import { lockOut } from "./lock-out";
import { dropOwnRole } from "./own-roles";
import type { AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** Parameters of a baseline run. */
export interface Baseline {
  database: string;
  owner: string;
  sql: string;
  /** Seconds. @default 3600 */
  timeout?: number;
  secrets: readonly string[];
}

/**
 * Runs a database's baseline SQL exactly once, with only the rights of the database's owner. An admin session with SET ROLE is unsafe: a
 * function planted by the owner can RESET ROLE. So a temporary login runs it, which is a member of the owner only.
 */
export async function runBaseline(
  session: AdminSession,
  ctx: PlanContext,
  baseline: Baseline,
  transaction: Transaction,
): Promise<Statement[]> {
  const { database, sql } = baseline;
  const shown = statement(sql, `database ${database} is new`, {
    database,
    display: `-- baseline SQL of database ${database} (${sql.length} characters)`,
    sensitive: true,
  });
  if (!(await hasRun(session, ctx, database))) await runInLogin(session, ctx, baseline, shown, transaction);
  await recordBaseline(session.client, database, undefined);
  return [shown];
}

/** The transaction's id is recorded before COMMIT, so the outcome is known even if this program ends. */
async function hasRun(session: AdminSession, ctx: PlanContext, database: string): Promise<boolean> {
  const transaction = recordOf(ctx.ownership, "database", database)?.baselineTransaction;
  if (transaction == null) return false;
  const { rows } = await session.client.query<{ status: string | null }>(
    "select pg_catalog.pg_xact_status($1::text::xid8) as status",
    [transaction],
  );
  switch (first(rows).status) {
    case "committed":
      return true;
    case "aborted":
      return false;
    default: {
      const running = first(rows).status === "in progress";
      throw new ExplainedError({
        path: `databases.${database}.baselineSql`,
        problem: running ? "an earlier run of it has not ended" : "the outcome of an earlier run of it is unknown",
        value: `transaction ${transaction}`,
        fix: running
          ? "wait for it, or end its session with pg_terminate_backend(pid)"
          : "check whether its objects exist; then leave the baseline out, or drop the database",
      });
    }
  }
}

async function runInLogin(
  session: AdminSession,
  ctx: PlanContext,
  baseline: Baseline,
  shown: Statement,
  transaction: Transaction,
): Promise<void> {
  const { name, password } = await makeBaselineLogin(session, ctx, baseline);
  const lockOutLogin = () => lockOut(session, ctx, [name], transaction);
  try {
    const login = { ...session.target, user: name, password };
    const client = await connectPlainly(login, baseline.database, ctx.cluster.server);
    await runInTime(session, client, baseline, shown, lockOutLogin).finally(() => client.end().catch(() => undefined));
  } finally {
    // Objects that the login owns itself go to the owner.
    const options = { ...ctx.options, reassignOwnedTo: baseline.owner };
    await dropOwnRole(session, { ...ctx, options }, { kind: "login", name }, transaction);
  }
}

/**
 * Limits the time from outside the session: planted code could sleep forever, and could remove a limit that the session
 * has set.
 */
async function runInTime(
  session: AdminSession,
  client: Client,
  { database, secrets, timeout = 3600 }: Baseline,
  shown: Statement,
  lockOutLogin: () => Promise<void>,
): Promise<void> {
  let ended: Promise<void> | undefined;
  const run = inTransaction(client, async () => {
    await recordTransaction(session, client, database);
    const timer = setTimeout(() => {
      ended = lockOutLogin().finally(() => client.end().catch(() => undefined));
      ended.catch(() => undefined);
    }, timeout * 1000);
    await client
      .query(shown.sql)
      .catch((error: unknown) => {
        throw isTransient(error) ? error : explainStatement(shown, error, secrets);
      })
      .finally(() => clearTimeout(timer));
  });
  await run.catch(async (error: unknown) => {
    if (!ended) throw error;
    await ended;
    throw new ExplainedError({
      path: `databases.${database}.baseline`,
      problem: "the baseline took too long and was ended; nothing of it is left",
      value: `more than ${timeout} s`,
      fix: "make it shorter, or raise baselineTimeout",
    });
  });
}

/** The admin commits the id of the baseline's transaction before the baseline commits. */
async function recordTransaction(session: AdminSession, client: Client, database: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>("select pg_catalog.pg_current_xact_id()::text as id");
  await recordBaseline(session.client, database, first(rows).id);
}

/**
 * Drops logins of killed runs; the lock guarantees that none is running. Their own objects go to a role without rights, because their
 * database is no longer known.
 */
export async function dropFormerLogins(
  session: AdminSession,
  ctx: PlanContext,
  transaction: Transaction,
): Promise<void> {
  const names = await readBaselineLogins(session.client);
  for (const name of names) await dropOwnRole(session, ctx, { kind: "login", name }, transaction);
}
