import type { Client } from "pg";
import { withRoles } from "../catalog/cluster";
import { readRemainingRights } from "../catalog/remaining-rights";
import type { PlanContext } from "../diff/context";
import type { Departure } from "../diff/leave";
import { planTakeBack } from "../diff/take-back";
import { maintenanceDatabase } from "./connect";
import type { AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** Each round handles one grant of every object, and a chain of grants on one object is rarely longer than three. */
const MOST_ROUNDS = 50;

/** Revokes what DROP OWNED would leave, until nothing is left that this admin can revoke. */
export async function takeBackRights(
  session: AdminSession,
  ctx: PlanContext,
  client: Client,
  { database, leaving }: Departure,
  transaction: Transaction,
): Promise<void> {
  const roles = leaving.map((l) => l.role);
  const inMaintenance = database === maintenanceDatabase(session.target);
  let before = "";
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const rights = [
      ...(await readRemainingRights(client, roles, "database")),
      ...(inMaintenance ? await readRemainingRights(client, roles, "shared") : []),
    ];
    const seen = JSON.stringify(rights);
    if (rights.length === 0 || seen === before) return;
    before = seen;
    const acting = rights.flatMap((r) => [r.owner, r.grantor, ...r.hidden.map(({ schemaOwner }) => schemaOwner)]);
    const known = { ...ctx, cluster: await withRoles(session.client, ctx.cluster, acting) };
    const statements = planTakeBack(known, database, rights);
    if (statements.length === 0) return;
    await transaction(known, client, statements);
  }
}
