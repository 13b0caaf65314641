import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import type { PlanContext } from "../diff/context";
import { recordLockedOut } from "../ownership/store";
import { ident, literal } from "../quote";
import { statement } from "../statement";
import type { AdminSession } from "./session";
import { connectWritable } from "./connect";
import type { Transaction } from "./transaction";

/** Time for an active session to notice. */
const WAIT_MS = 5_000;
/** Longer than NOLOGIN takes without a lock to wait for. */
const PAUSE_MS = 200;

/**
 * Stops leaving roles before any other change: an open session could create objects, which block DROP ROLE, or keep using revoked rights.
 */
export async function lockOut(
  session: AdminSession,
  ctx: PlanContext,
  roles: readonly string[],
  transaction: Transaction,
): Promise<void> {
  const { rows } = await session.client.query<{ name: string; login: boolean }>(
    `select rolname::text as name, rolcanlogin as login from pg_catalog.pg_roles where rolname = any($1) and rolname <> current_user order by 1`,
    [roles],
  );
  const names = rows.map(({ name }) => name);
  const end = (client: Client) => endSessions(client, ctx, names, transaction);
  const logins = rows.filter((r) => r.login).map(({ name }) => name);
  await end(session.client);
  if (logins.length > 0) await takeLogin(session, ctx, logins, transaction, end);
  await end(session.client);
}

/**
 * The role's own sessions can hold the lock that NOLOGIN needs, and reconnect faster than they are ended. So NOLOGIN waits for the lock, next
 * in the queue, while a second connection ends the sessions.
 */
async function takeLogin(
  session: AdminSession,
  ctx: PlanContext,
  logins: readonly string[],
  transaction: Transaction,
  end: (client: Client) => Promise<void>,
): Promise<void> {
  let failure: { error: unknown } | undefined;
  let isDone = false;
  const done = transaction(
    ctx,
    session.client,
    logins.map((name) => statement(`ALTER ROLE ${ident(name)} NOLOGIN`, `${name} leaves`)),
    () => recordLockedOut(session.client, logins),
  )
    .catch((error: unknown) => void (failure = { error }))
    .finally(() => (isDone = true));
  let second: Client | undefined;
  try {
    for (;;) {
      await Promise.race([done, sleep(PAUSE_MS)]);
      if (isDone) break;
      second ??= await connectWritable(session.target);
      await end(second);
    }
  } finally {
    await second?.end().catch(() => undefined);
  }
  if (failure !== undefined) throw failure.error;
}

async function endSessions(
  client: Client,
  ctx: PlanContext,
  roles: readonly string[],
  transaction: Transaction,
): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select r.rolname::text as name from pg_catalog.pg_roles r where r.rolname = any($1)
      and exists (select from pg_catalog.pg_stat_activity a where a.usesysid = r.oid) order by 1`,
    [roles],
  );
  const end = (name: string): string =>
    `SELECT pg_catalog.pg_terminate_backend(pid, ${WAIT_MS}) FROM pg_catalog.pg_stat_activity WHERE usename = ${literal(name)}`;
  await transaction(
    ctx,
    client,
    rows.map(({ name }) => statement(end(name), `${name} leaves`, { needs: [name] })),
  );
}
