import type { PlanContext } from "../diff/context";
import { recordLockedOut } from "../ownership/store";
import { ident, literal } from "../quote";
import { statement } from "../statement";
import type { Transaction } from "./leave";
import type { AdminSession } from "./session";

/** Long enough for a session that is at work to notice. */
const WAIT_MS = 5_000;

/**
 * Ends what roles that are to be dropped can still do, before anything else: an open session could go on making objects, and so
 * keep its role, or go on with rights that its role no longer has.
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
  const end = () =>
    endSessions(
      session,
      ctx,
      rows.map(({ name }) => name),
      transaction,
    );
  const logins = rows.filter((r) => r.login).map(({ name }) => name);
  // One of its own sessions could hold the lock that NOLOGIN waits for; and one could begin until that is committed.
  await end();
  await transaction(
    ctx,
    session.client,
    logins.map((name) => statement(`ALTER ROLE ${ident(name)} NOLOGIN`, `${name} leaves`)),
    () => recordLockedOut(session.client, logins),
  );
  await end();
}

async function endSessions(
  session: AdminSession,
  ctx: PlanContext,
  roles: readonly string[],
  transaction: Transaction,
): Promise<void> {
  const { rows } = await session.client.query<{ name: string }>(
    `select r.rolname::text as name from pg_catalog.pg_roles r where r.rolname = any($1)
      and exists (select from pg_catalog.pg_stat_activity a where a.usesysid = r.oid) order by 1`,
    [roles],
  );
  const end = (name: string): string =>
    `SELECT pg_catalog.pg_terminate_backend(pid, ${WAIT_MS}) FROM pg_catalog.pg_stat_activity WHERE usename = ${literal(name)}`;
  await transaction(
    ctx,
    session.client,
    rows.map(({ name }) => statement(end(name), `${name} leaves`, { needs: [name] })),
  );
}
