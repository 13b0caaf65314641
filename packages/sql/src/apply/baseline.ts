import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { PlanContext, withBorrowedRights } from "../diff/context";
import { ExplainedError } from "../errors";
import { recordOf } from "../ownership/ownership";
import { claimObjects, readBaselineLogins, recordBaseline, releaseObjects } from "../ownership/store";
import { ident, literal } from "../quote";
import { makeVerifier } from "../scram";
import { Statement, statement } from "../statement";
import { connectPlainly } from "./connect";
import { inTransaction, runAll } from "./execute";
import { explainStatement, isTransient } from "./explain";
import { dropRoles, Transaction } from "./leave";
import { lockOut } from "./lock-out";
import { AdminSession } from "./session";

const LOGIN = "pgharbor_baseline_";

/** What one baseline is run with. */
export interface Baseline {
  database: string;
  owner: string;
  sql: string;
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
  const { database, owner, sql } = baseline;
  const shown = statement(sql, `database ${database} is new`, {
    database,
    display: `-- baseline SQL of database ${database} (${sql.length} characters)`,
    sensitive: true,
  });
  const dropLogins = () => dropFormerLogins(session, ctx, owner, transaction);
  await dropLogins();
  if (!(await hasRun(session, ctx, database))) await runAsOwner(session, ctx, baseline, shown).finally(dropLogins);
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
  switch (rows[0].status) {
    case "committed":
      return true;
    case "aborted":
      return false;
    default: {
      const running = rows[0].status === "in progress";
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

async function runAsOwner(
  session: AdminSession,
  ctx: PlanContext,
  { database, owner, secrets }: Baseline,
  shown: Statement,
): Promise<void> {
  const name = LOGIN + randomBytes(6).toString("hex");
  const password = randomBytes(24).toString("base64url");
  await makeLogin(session, ctx, { name, password, owner, database });
  const login = { ...session.target, user: name, password };
  const client = await connectPlainly(login, database, ctx.cluster.server);
  try {
    await inTransaction(client, async () => {
      await remember(session, client, database);
      await client.query(shown.sql).catch((error: unknown) => {
        throw isTransient(error) ? error : explainStatement(shown, error, secrets);
      });
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The id of the baseline's own transaction, committed by the admin before the baseline is. */
async function remember(session: AdminSession, client: Client, database: string): Promise<void> {
  const { rows } = await client.query<{ id: string }>("select pg_catalog.pg_current_xact_id()::text as id");
  await recordBaseline(session.client, database, rows[0].id);
}

async function makeLogin(
  session: AdminSession,
  ctx: PlanContext,
  login: { name: string; password: string; owner: string; database: string },
): Promise<void> {
  const name = ident(login.name);
  const owner = ident(login.owner);
  const verifier = await makeVerifier(login.password);
  const reason = `runs the baseline of ${login.database}`;
  const statements = [
    statement(`CREATE ROLE ${name} LOGIN CONNECTION LIMIT 1 VALID UNTIL ${literal(tomorrow())}`, reason),
    statement(`COMMENT ON ROLE ${name} IS ${literal(reason)}`, reason),
    statement(`ALTER ROLE ${name} PASSWORD ${literal(verifier)}`, reason, {
      display: `ALTER ROLE ${name} PASSWORD '***'`,
      sensitive: true,
    }),
    statement(`GRANT ${owner} TO ${name}`, reason),
    // What RESET ROLE goes back to.
    statement(`ALTER ROLE ${name} SET role TO ${literal(login.owner)}`, reason),
    ...(await quietSettings(session.client)).map((setting) => statement(`ALTER ROLE ${name} SET ${setting}`, reason)),
  ];
  await inTransaction(session.client, async () => {
    await runAll(session.client, withBorrowedRights(ctx, statements), [login.password, verifier]);
    const { declaration } = ctx.ownership!;
    await claimObjects(session.client, declaration, [{ kind: "login", name: login.name, adopted: false }]);
  });
}

/** A baseline may hold secrets: where the admin may say so, the server does not log it. */
async function quietSettings(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ setting: string }>(
    `select pg_catalog.format('%I TO %L', name, value) as setting
    from (values ('log_statement', 'none'), ('log_min_duration_statement', '-1'), ('log_min_error_statement', 'panic'),
      ('pg_stat_statements.track_utility', 'off')) as quiet(name, value)
    where pg_catalog.has_parameter_privilege(name, 'SET')`,
  );
  return rows.map((row) => row.setting);
}

const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();

/**
 * Those of a run that was killed, too: the lock says that none is at work. What they made in their own name is the owner's. One that
 * cannot go is shut, and holds up no other baseline.
 */
async function dropFormerLogins(
  session: AdminSession,
  ctx: PlanContext,
  owner: string,
  transaction: Transaction,
): Promise<void> {
  const names = await readBaselineLogins(session.client);
  if (names.length === 0) return;
  await lockOut(session, ctx, names, transaction);
  const options = { ...ctx.options, reassignOwnedTo: owner };
  for (const name of names) {
    try {
      await dropRoles(session, { ...ctx, options }, [name], transaction);
      await releaseObjects(session.client, ctx.ownership!.declaration, "login", [name]);
    } catch (error) {
      if (!(error instanceof ExplainedError)) throw error;
      session.progress(
        `role ${name}, which ran a baseline, cannot log in any more and is not dropped: ${error.message}`,
      );
    }
  }
}
