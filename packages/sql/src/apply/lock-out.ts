import { PlanContext } from "../diff/context";
import { recordLockedOut } from "../ownership/store";
import { ident, literal } from "../quote";
import { statement } from "../statement";
import type { Transaction } from "./leave";
import { AdminSession } from "./session";

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
  const { rows } = await session.client.query<{ name: string; login: boolean; active: boolean }>(
    `select r.rolname::text as name, r.rolcanlogin as login,
      exists (select from pg_catalog.pg_stat_activity a where a.usesysid = r.oid) as active
    from pg_catalog.pg_roles r where r.rolname = any($1) and r.rolname <> current_user order by 1`,
    [roles],
  );
  const reason = (name: string): string => `${name} leaves`;
  const logins = rows.filter((r) => r.login).map(({ name }) => name);
  await transaction(
    ctx,
    session.client,
    logins.map((name) => statement(`ALTER ROLE ${ident(name)} NOLOGIN`, reason(name))),
    () => recordLockedOut(session.client, logins),
  );
  const active = rows.filter((r) => r.active).map(({ name }) => name);
  const end = (name: string): string =>
    `SELECT pg_catalog.pg_terminate_backend(pid, ${WAIT_MS}) FROM pg_catalog.pg_stat_activity WHERE usename = ${literal(name)}`;
  await transaction(
    ctx,
    session.client,
    active.map((name) => statement(end(name), reason(name), { needs: [name] })),
  );
}
