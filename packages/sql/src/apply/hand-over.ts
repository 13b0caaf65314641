import type { Client } from "pg";
import { withRoles } from "../catalog/cluster";
import { countRelationsOf, readRelationsOf } from "../catalog/relations-of";
import type { PlanContext } from "../diff/context";
import { type Departure, planHandOver } from "../diff/leave";
import type { AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** Relations and indexes, far within the default lock table: max_locks_per_transaction (64) times max_connections. */
const AT_ONCE = 500;
const PORTION = 400;

/**
 * Hands over most relations of a role that owns many: REASSIGN OWNED does it in one transaction, and would need a lock for each of them.
 * A failed run leaves what it handed over with the heir.
 */
export async function handOverInPortions(
  session: AdminSession,
  ctx: PlanContext,
  client: Client,
  departure: Departure & { heir: string },
  transaction: Transaction,
): Promise<void> {
  const { database, leaving, heir } = departure;
  const roles = leaving.filter((l) => l.owns).map((l) => l.role);
  if (roles.length === 0) return;
  for (let left = await countRelationsOf(client, roles); left > AT_ONCE; left = await countRelationsOf(client, roles)) {
    session.progress(
      `${roles.join(", ")} leaves database ${database}: ${left} tables, views, sequences and indexes to hand over`,
    );
    const portion = await readRelationsOf(client, { roles, heir, limit: PORTION });
    const schemaOwners = portion.map((relation) => relation.schemaOwner);
    const known = { ...ctx, cluster: await withRoles(session.client, ctx.cluster, schemaOwners) };
    const statements = planHandOver(known, departure, heir, portion);
    if (portion.length === 0 || statements === undefined) return;
    await transaction(known, client, statements);
  }
}
