import type { Client } from "pg";
import { withRoles } from "../catalog/cluster";
import { type DatabaseNames, readDatabaseCatalog } from "../catalog/database";
import type { CatalogDatabase, DatabaseCatalog } from "../catalog/types";
import { type PlanContext } from "../diff/context";
import { withRights } from "../diff/rights";
import type { GrantSteps } from "../diff/grant-statements";
import { planObjects, planPrivileges } from "../diff/inside";
import { ExplainedError } from "../errors";
import type { Statement } from "../statement";
import { foreignEventTriggers } from "./event-triggers";
import { inTransaction, runAll } from "./execute";
import { type AdminSession } from "./session";

/** One database that a declaration has something in. */
export interface Inside {
  database: CatalogDatabase;
  /** The database's owner after the changes to shared objects. */
  owner: string;
  names: DatabaseNames;
  secrets: readonly string[];
}

/** Creates and changes schemas and extensions. */
export async function applyObjects(
  session: AdminSession,
  outer: PlanContext,
  client: Client,
  { database, names, secrets }: Inside,
): Promise<Statement[]> {
  const catalog = await readDatabaseCatalog(client, names);
  const ctx = await withOwners(session, outer, catalog);
  const statements = withRights(ctx, planObjects(ctx, database.name, catalog, database));
  if (statements.length === 0) return [];
  await refuseEventTriggers(client, database.name);
  await inTransaction(client, () => runAll(client, statements, secrets));
  return statements;
}

/**
 * Grants and revokes, in one transaction but in two steps: revokes and grants on schemas decide who may name an object, which the other
 * grants need.
 */
export async function applyPrivileges(
  session: AdminSession,
  outer: PlanContext,
  client: Client,
  { database, owner, names, secrets }: Inside,
): Promise<Statement[]> {
  const plan = async (): Promise<GrantSteps> => {
    const catalog = await readDatabaseCatalog(client, names);
    const ctx = await withOwners(session, outer, catalog);
    const { first, rest } = planPrivileges(ctx, database.name, catalog, owner);
    stopOn(ctx);
    return { first: withRights(ctx, first), rest: withRights(ctx, rest) };
  };
  const { first, rest } = await plan();
  if (first.length + rest.length === 0) return [];
  await refuseEventTriggers(client, database.name);
  return inTransaction(client, async () => {
    await runAll(client, first, secrets);
    const then = first.length > 0 && rest.length > 0 ? (await plan()).rest : rest;
    await runAll(client, then, secrets);
    return [...first, ...then];
  });
}

/** The context with the owners of a database's objects, whose rights the admin may need. */
async function withOwners(session: AdminSession, ctx: PlanContext, { objects }: DatabaseCatalog): Promise<PlanContext> {
  const owners = objects.flatMap((o) => [o.owner, ...(o.hiddenBy ?? []).map(({ schemaOwner }) => schemaOwner)]);
  return { ...ctx, cluster: await withRoles(session.client, ctx.cluster, owners) };
}

async function refuseEventTriggers(client: Client, database: string): Promise<void> {
  const foreign = await foreignEventTriggers(client, database);
  if (foreign.length > 0) throw new ExplainedError(foreign);
}

export function stopOn(ctx: PlanContext): void {
  if (ctx.problems.length > 0) throw new ExplainedError(ctx.problems);
}
