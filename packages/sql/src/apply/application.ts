import type { Client } from "pg";
import { readCluster } from "../catalog/cluster";
import { clusterNames, namesInDatabase, worksInside } from "../catalog/names";
import type { CatalogDatabase } from "../catalog/types";
import { type AccessDocument, databasesOf } from "../desired/access";
import { databasesToVisit, planCluster } from "../diff/cluster";
import { planContext, type PlanContext, type PlanOptions } from "../diff/context";
import { withRights } from "../diff/rights";
import { isBaselineDue } from "../diff/database";
import { databasesToDrop, planDropDatabase, retained, rolesToDrop } from "../diff/drop";
import { type Explanation } from "../errors";
import type { Ownership } from "../ownership/ownership";
import { newClaims } from "../diff/recorded";
import {
  announceDatabase,
  claimGrants,
  claimObjects,
  readUselessHeirs,
  releaseGrants,
  releaseObjects,
  withdrawAnnouncement,
} from "../ownership/store";
import type { Statement } from "../statement";
import { dropFormerLogins, runBaseline } from "./baseline";
import { applyObjects, applyPrivileges, stopOn } from "./inside-database";
import { ensureConnect } from "./ensure-connect";
import { inTransaction, runAll, runOne } from "./execute";
import { isTransient } from "./transient";
import { dropRoles } from "./leave";
import { lockOut } from "./lock-out";
import { dropOwnRole } from "./own-roles";
import { resolvePasswords, secretsOf } from "./passwords";
import { type AdminSession } from "./session";
import type { Transaction } from "./transaction";

/** One attempt: reads the current state, changes what differs, from shared objects inwards, and drops last. */
export class Application {
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
    // Done first, so that a later failure leaves no login to roles that are dropped.
    const leaving = rolesToDrop(ctx);
    if (leaving.length > 0) await lockOut(this.session, ctx, leaving, this.transaction);
    if (ownership) await dropFormerLogins(this.session, ctx, this.transaction);
    await this.transaction(ctx, this.client, plan.roles, () => this.claim(ctx, "role"));
    for (const s of plan.databases.create) await this.runOutsideTransaction(ctx, s);
    await this.transaction(ctx, this.client, [...plan.databases.settings, ...plan.grants], () =>
      this.claim(ctx, "database"),
    );
    for (const database of databasesToVisit(ctx, plan.databases.found)) await this.visit(ctx, database);
    await this.transaction(ctx, this.client, plan.databases.deferred);
    for (const note of new Set(ctx.notes)) this.session.progress(note);
    await this.drop(ctx);
    if (ownership) await releaseGrants(this.client, ownership, next);
  }

  /** Runs in the transaction that creates or adopts the objects; grants are recorded before they are made. */
  private async claim(ctx: PlanContext, kind: "role" | "database"): Promise<void> {
    if (!ctx.ownership) return;
    await claimObjects(this.client, this.declaration, newClaims(ctx, kind));
    if (kind === "role") await claimGrants(this.client, ctx.ownership, ctx.next);
  }

  private async visit(ctx: PlanContext, found: CatalogDatabase): Promise<void> {
    const declared = databasesOf(ctx.next).get(found.name);
    if (!found.allowConnections && declared?.allowConnections === false) {
      this.session.progress(`database ${found.name} takes no connections: its schemas and grants are left as they are`);
      return;
    }
    // A declared database's own changes have opened it by now.
    if (declared === undefined || !(found.allowConnections || declared.allowConnections === true)) {
      const why = "its schemas and grants cannot be changed, because the database takes no connections";
      await ensureConnect(this.session, ctx, found, why, this.transaction);
    }
    const owner = declared?.owner ?? found.owner;
    const names = namesInDatabase(found.name, [ctx.previous, ctx.next]);
    const inside = { database: found, owner, names, secrets: this.secrets };
    await this.session.inDatabase(found.name, async (client) =>
      this.record(await applyObjects(this.session, ctx, client, inside)),
    );
    if (declared !== undefined && isBaselineDue(ctx, declared)) {
      const { baselineSql: sql = "", baselineTimeout: timeout } = declared;
      const baseline = { database: found.name, owner, sql, timeout, secrets: this.secrets };
      this.record(await runBaseline(this.session, ctx, baseline, this.transaction));
    }
    if (!worksInside(found.name, [ctx.previous, ctx.next])) return;
    await this.session.inDatabase(found.name, async (client) =>
      this.record(await applyPrivileges(this.session, ctx, client, inside)),
    );
  }

  private async drop(ctx: PlanContext): Promise<void> {
    for (const { kind, name, why } of retained(ctx)) this.session.progress(`${kind} ${name} stays: ${why}`);
    const dropped = databasesToDrop(ctx);
    for (const name of dropped) {
      const { prepare, drop } = planDropDatabase(ctx, name);
      await this.transaction(ctx, this.client, prepare);
      await this.runOutsideTransaction(ctx, drop);
    }
    const roles = rolesToDrop(ctx);
    if (roles.length > 0) await dropRoles(this.session, ctx, roles, this.transaction);
    if (!ctx.ownership) return;
    for (const name of await readUselessHeirs(this.client))
      await dropOwnRole(this.session, ctx, { kind: "heir", name }, this.transaction);
    // A retained database stays in the record, so that only this declaration can adopt it again without `adopt`.
    await releaseObjects(this.client, this.declaration, "database", dropped);
    const gone = [...ctx.declaredBefore].filter((name) => !ctx.declaredNow.has(name));
    await releaseObjects(this.client, this.declaration, "role", gone);
  }

  private readonly transaction: Transaction = async (ctx, client, statements, also) => {
    if (statements.length === 0 && also === undefined) return;
    const all = withRights(ctx, statements);
    await inTransaction(client, async () => {
      await runAll(client, all, this.secrets);
      await also?.();
      // Before COMMIT: if the connection breaks during COMMIT, the outcome of the transaction is unknown.
      for (const name of ctx.declaredNow) if (!ctx.cluster.roles.has(name)) this.made.add(`role:${name}`);
    });
    this.record(all);
  };

  /** Runs CREATE DATABASE, DROP DATABASE and SET TABLESPACE, which allow no transaction. */
  private async runOutsideTransaction(ctx: PlanContext, s: Statement): Promise<void> {
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
