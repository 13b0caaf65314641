import { first } from "../required";
import type { Client } from "pg";
import type { PlanContext } from "../diff/context";
import { ExplainedError } from "../errors";
import { recordOf } from "../ownership/ownership";
import { readBaselineLogins, recordBaseline } from "../ownership/store";
import { type Statement, statement } from "../statement";
import { makeBaselineLogin } from "./baseline-login";
import { connectPlainly } from "./connect";
import { inTransaction } from "./execute";
import { explainStatement, isTransient } from "./explain";
import type { Transaction } from "./leave";
import { lockOut } from "./lock-out";
import { dropOwnRole } from "./own-roles";
import type { AdminSession } from "./session";

/** What one baseline is run with. */
export interface Baseline {
  database: string;
  owner: string;
  sql: string;
  /** Seconds. @default 3600 */
  timeout?: number;
  secrets: readonly string[];
}

/**
 * Runs a database's baseline SQL, exactly once and with the rights of the database's owner alone. A session of the admin's with
 * SET ROLE would not do: a function that the owner has planted can RESET ROLE. So a login of its own, a member of the owner
 * and of nothing else, runs it; it lives only as long.
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
  await dropFormerLogins(session, ctx, transaction);
  if (!(await hasRun(session, ctx, database))) await runInLogin(session, ctx, baseline, shown, transaction);
  await recordBaseline(session.client, database, undefined);
  return [shown];
}

/** The transaction that ran it is remembered before it commits, so its end is known even where nobody was left to see it. */
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
        problem: running
          ? "an earlier run of it has not ended"
          : "nobody knows any more whether an earlier run of it came through",
        value: `transaction ${transaction}`,
        fix: running
          ? "wait for it, or end its session with pg_terminate_backend(pid)"
          : "look whether its objects are there; then leave the baseline out, or drop the database",
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
  const shut = () => lockOut(session, ctx, [name], transaction);
  try {
    const login = { ...session.target, user: name, password };
    const client = await connectPlainly(login, baseline.database, ctx.cluster.server);
    await runInTime(session, client, baseline, shown, shut).finally(() => client.end().catch(() => undefined));
  } finally {
    // What it made in its own name, and not in the owner's, is the owner's.
    const options = { ...ctx.options, reassignOwnedTo: baseline.owner };
    await dropOwnRole(session, { ...ctx, options }, { kind: "login", name }, transaction);
  }
}

/** What an owner has planted could sleep for ever, and a limit of its own session could be taken off by it. */
async function runInTime(
  session: AdminSession,
  client: Client,
  { database, secrets, timeout = 3600 }: Baseline,
  shown: Statement,
  shut: () => Promise<void>,
): Promise<void> {
  let ended: Promise<void> | undefined;
  const run = inTransaction(client, async () => {
    await remember(session, client, database);
    const timer = setTimeout(() => {
      ended = shut().finally(() => client.end().catch(() => undefined));
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

/** The id of the baseline's own transaction, committed by the admin before the baseline is. */
async function remember(session: AdminSession, client: Client, database: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>("select pg_catalog.pg_current_xact_id()::text as id");
  await recordBaseline(session.client, database, first(rows).id);
}

/**
 * Logins of runs that were killed: the lock says that none is at work. What they made in their own name goes to a role without
 * rights, for nobody knows any more in which database's name they were at work.
 */
async function dropFormerLogins(session: AdminSession, ctx: PlanContext, transaction: Transaction): Promise<void> {
  const names = await readBaselineLogins(session.client);
  for (const name of names) await dropOwnRole(session, ctx, { kind: "login", name }, transaction);
}
