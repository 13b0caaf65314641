import type { PlanContext } from "../diff/context";
import { recordLockedOut } from "../ownership/store";
import { ident, literal } from "../quote";
import { statement } from "../statement";
import type { AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** Time for an active session to notice. */
const WAIT_MS = 5_000;

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
  const end = () =>
    endSessions(
      session,
      ctx,
      rows.map(({ name }) => name),
      transaction,
    );
  const logins = rows.filter((r) => r.login).map(({ name }) => name);
  // The role's own sessions could hold the lock that NOLOGIN needs, and new ones could start before NOLOGIN is committed.
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
