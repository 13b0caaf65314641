import type { Client } from "pg";
import { readCluster } from "../catalog/cluster";
import { readDatabaseCatalog } from "../catalog/database";
import { clusterNames, namesInDatabase, worksInside } from "../catalog/names";
import type { CatalogDatabase } from "../catalog/types";
import { type AccessDocument, databasesOf } from "../desired/access";
import { databasesToVisit, planCluster } from "../diff/cluster";
import { planContext, type PlanContext, type PlanOptions, withBorrowedRights } from "../diff/context";
import { isBaselineDue } from "../diff/database";
import { databasesToDrop, planDropDatabase, retained, rolesToDrop } from "../diff/drop";
import { planObjects, planPrivileges } from "../diff/inside";
import { ApplyError, ExplainedError, type Explanation } from "../errors";
import type { Ownership } from "../ownership/ownership";
import { newClaims, withRecorded } from "../diff/recorded";
import {
  announceDatabase,
  claimGrants,
  claimObjects,
  readOwnership,
  readUselessHeirs,
  releaseGrants,
  releaseObjects,
  renameDeclaration,
  withdrawAnnouncement,
  withdrawContested,
} from "../ownership/store";
import { openRecord } from "../ownership/table";
import type { Statement } from "../statement";
import { runBaseline } from "./baseline";
import { maintenanceDatabase } from "./connect";
import { foreignEventTriggers } from "./event-triggers";
import { inTransaction, runAll, runOne } from "./execute";
import { isTransient } from "./explain";
import { dropRoles, type Transaction } from "./leave";
import { lockOut } from "./lock-out";
import { dropOwnRole } from "./own-roles";
import { resolvePasswords, secretsOf } from "./passwords";
import { type AdminSession, withAdminConnection } from "./session";
import type { SqlTarget } from "./target";

/** Who declares, and how. */
export interface ApplyOptions extends Omit<PlanOptions, "made"> {
  /**
   * Names the declaration in the record of ownership. Nothing but it may change or drop what it made, and what it made and no longer
   * has is dropped. @default pgharbor
   */
  declaration?: string;
  /** The name that it had before: what is recorded under it is this declaration's now. */
  formerDeclaration?: string;
  /**
   * Drop what is recorded as the declaration's and is in neither document: a run that failed left it. Not where a declaration has one
   * object, for Pulumi replaces that by making the new one first. @default true
   */
  sweep?: boolean;
}

/** What was done. */
export interface ApplyResult {
  /** Every statement in the order it ran, in its display form. Empty: everything was as declared. */
  executed: string[];
}

/**
 * Makes the cluster as `next` says. What `previous` declared and `next` does not is removed, as far as it is recorded as this
 * declaration's own; nothing else is touched. An ApplyError says what was done before it.
 */
export async function applyAccess(
  target: SqlTarget,
  previous: AccessDocument | undefined,
  next: AccessDocument,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  const { declaration = "pgharbor", formerDeclaration, sweep = true, ...plan } = options;
  // Outlives an attempt, also where no record can be kept: what was made before the connection broke is no stranger's.
  const made = new Set<string>();
  const executed: string[] = [];
  try {
    await withAdminConnection(target, async (session) => {
      await session.lock();
      const secrets = secretsOf(previous, next);
      const ownership = await openOwnership(session, [previous, next], declaration, formerDeclaration);
      const application = new Application(session, { ...plan, made }, declaration, made, executed, secrets);
      await application.run(sweep ? withRecorded(previous, next, ownership) : previous, next, ownership);
    });
  } catch (error) {
    throw error instanceof ExplainedError && executed.length > 0 ? new ApplyError(error, executed) : error;
  }
  return { executed };
}

/** Undefined where this admin can keep no record. */
async function openOwnership(
  { client, target }: AdminSession,
  docs: readonly (AccessDocument | undefined)[],
  declaration: string,
  former: string | undefined,
): Promise<Ownership | undefined> {
  if (!(await openRecord(client, maintenanceDatabase(target)))) return undefined;
  if (former !== undefined && former !== declaration) await renameDeclaration(client, former, declaration);
  await withdrawContested(client);
  return readOwnership(client, declaration, clusterNames(docs));
}

/** One attempt: reads what is there, does what is missing, from the shared objects inwards, and drops last. */
class Application {
  private readonly client: Client;

  constructor(
    private readonly session: AdminSession,
    private readonly options: PlanOptions,
    private readonly declaration: string,
    private readonly made: Set<string>,
    private readonly executed: string[],
    private readonly secrets: string[],
  ) {
    this.client = session.client;
  }

  async run(
    previous: AccessDocument | undefined,
    next: AccessDocument,
    ownership: Ownership | undefined,
  ): Promise<void> {
    const names = clusterNames([previous, next]);
    const cluster = await readCluster(this.client, names);
    const problems: Explanation[] = [];
    const docs = await resolvePasswords(previous, next, cluster, problems);
    this.secrets.push(...secretsOf(docs.next));
    const ctx = planContext({ ...docs, cluster, options: this.options, ownership }, problems);
    const plan = planCluster(ctx);
    stopOn(ctx);
    // First of all, so that nothing that fails later leaves a login to somebody who is to go.
    const leaving = rolesToDrop(ctx);
    if (leaving.length > 0) await lockOut(this.session, ctx, leaving, this.transaction);
    await this.transaction(ctx, this.client, plan.roles, () => this.claim(ctx, "role"));
    for (const s of plan.databases.create) await this.alone(ctx, s);
    await this.transaction(ctx, this.client, [...plan.databases.settings, ...plan.grants], () =>
      this.claim(ctx, "database"),
    );
    for (const database of databasesToVisit(ctx, plan.databases.found)) await this.visit(ctx, database);
    await this.transaction(ctx, this.client, plan.databases.deferred);
    await this.drop(ctx);
    if (ownership) await releaseGrants(this.client, ownership, next);
  }

  /** Written in the transaction that makes or adopts the objects; grants before they are made. */
  private async claim(ctx: PlanContext, kind: "role" | "database"): Promise<void> {
    if (!ctx.ownership) return;
    await claimObjects(this.client, this.declaration, newClaims(ctx, kind));
    if (kind === "role") await claimGrants(this.client, ctx.ownership, ctx.next);
  }

  private async visit(ctx: PlanContext, found: CatalogDatabase): Promise<void> {
    const declared = databasesOf(ctx.next).get(found.name);
    if (!found.allowConnections && declared?.allowConnections !== true) {
      this.session.progress(`database ${found.name} takes no connections: its schemas and grants are left as they are`);
      return;
    }
    const owner = declared?.owner ?? found.owner;
    const names = namesInDatabase(found.name, [ctx.previous, ctx.next]);
    await this.session.inDatabase(found.name, async (client) => {
      const catalog = await readDatabaseCatalog(client, names);
      const objects = withBorrowedRights(ctx, planObjects(ctx, found.name, catalog, found), catalog.adminHas);
      await this.inside(client, found.name, objects);
    });
    if (declared !== undefined && isBaselineDue(ctx, declared)) {
      const { baselineSql: sql = "", baselineTimeout: timeout } = declared;
      const baseline = { database: found.name, owner, sql, timeout, secrets: this.secrets };
      this.record(await runBaseline(this.session, ctx, baseline, this.transaction));
    }
    if (!worksInside(found.name, [ctx.previous, ctx.next])) return;
    await this.session.inDatabase(found.name, async (client) => {
      const catalog = await readDatabaseCatalog(client, names);
      const privileges = withBorrowedRights(ctx, planPrivileges(ctx, found.name, catalog, owner), catalog.adminHas);
      stopOn(ctx);
      await this.inside(client, found.name, privileges);
    });
  }

  private async inside(client: Client, database: string, statements: readonly Statement[]): Promise<void> {
    if (statements.length === 0) return;
    const foreign = await foreignEventTriggers(client, database);
    if (foreign.length > 0) throw new ExplainedError(foreign);
    await inTransaction(client, () => runAll(client, statements, this.secrets));
    this.record(statements);
  }

  private async drop(ctx: PlanContext): Promise<void> {
    for (const { kind, name, why } of retained(ctx)) this.session.progress(`${kind} ${name} stays: ${why}`);
    const dropped = databasesToDrop(ctx);
    for (const name of dropped) {
      const { prepare, drop } = planDropDatabase(ctx, name);
      await this.transaction(ctx, this.client, prepare);
      await this.alone(ctx, drop);
    }
    const roles = rolesToDrop(ctx);
    if (roles.length > 0) await dropRoles(this.session, ctx, roles, this.transaction);
    if (!ctx.ownership) return;
    for (const name of await readUselessHeirs(this.client))
      await dropOwnRole(this.session, ctx, { kind: "heir", name }, this.transaction);
    // A database that stays is still known as this declaration's, so that only it takes it up again without being told.
    await releaseObjects(this.client, this.declaration, "database", dropped);
    const gone = [...ctx.declaredBefore].filter((name) => !ctx.declaredNow.has(name));
    await releaseObjects(this.client, this.declaration, "role", gone);
  }

  private readonly transaction: Transaction = async (ctx, client, statements, also) => {
    if (statements.length === 0 && also === undefined) return;
    const all = withBorrowedRights(ctx, statements);
    await inTransaction(client, async () => {
      await runAll(client, all, this.secrets);
      await also?.();
      // Before COMMIT: when the connection breaks in it, nobody knows whether it came through.
      for (const name of ctx.declaredNow) if (!ctx.cluster.roles.has(name)) this.made.add(`role:${name}`);
    });
    this.record(all);
  };

  /** CREATE DATABASE, DROP DATABASE and SET TABLESPACE run in no transaction. */
  private async alone(ctx: PlanContext, s: Statement): Promise<void> {
    if (s.creates !== undefined) this.made.add(`database:${s.creates}`);
    if (s.creates !== undefined && ctx.ownership) {
      const unfinished = databasesOf(ctx.next).get(s.creates)?.baselineSql !== undefined;
      await announceDatabase(this.client, this.declaration, s.creates, unfinished);
    }
    try {
      await runOne(this.client, s, this.secrets);
    } catch (error) {
      if (s.creates !== undefined && ctx.ownership && !isTransient(error))
        await withdrawAnnouncement(this.client, this.declaration, s.creates);
      throw error;
    }
    this.record([s]);
  }

  private record(statements: readonly Statement[]): void {
    this.executed.push(...statements.map((s) => s.display));
  }
}

function stopOn(ctx: PlanContext): void {
  if (ctx.problems.length > 0) throw new ExplainedError(ctx.problems);
}
