import type { CatalogDatabase } from "../catalog/types";
import type { PlanContext } from "../diff/context";
import { asOwner } from "../diff/rights";
import { ExplainedError } from "../errors";
import { ident } from "../quote";
import { statement } from "../statement";
import type { AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** Grants CONNECT to an admin that is no superuser. A database's owner may have revoked it. */
export async function ensureConnect(
  session: AdminSession,
  ctx: PlanContext,
  found: CatalogDatabase,
  why: string,
  transaction: Transaction,
): Promise<void> {
  if (!found.allowConnections) {
    const fix = `allow connections for the moment: ALTER DATABASE ${ident(found.name)} WITH ALLOW_CONNECTIONS true`;
    throw new ExplainedError({ path: `databases.${found.name}`, problem: why, value: found.name, fix });
  }
  if (found.adminCanConnect) return;
  const sql = `GRANT CONNECT ON DATABASE ${ident(found.name)} TO ${ident(ctx.cluster.server.admin)}`;
  const by = { needs: [found.owner], as: asOwner(ctx, found.owner) };
  await transaction(ctx, session.client, [statement(sql, "the admin user must get in", by)]);
}
