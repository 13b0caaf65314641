import type { Client } from "pg";
import { readCluster, readDependants } from "../catalog/cluster";
import { readDatabaseCatalog } from "../catalog/database";
import { clusterNames, namesInDatabase } from "../catalog/names";
import { CatalogDatabase } from "../catalog/types";
import { AccessDocument, databasesOf } from "../desired/access";
import { databasesToVisit, planCluster } from "../diff/cluster";
import { planContext, PlanContext, PlanOptions, withBorrowedRights } from "../diff/context";
import {
  databasesToDrop,
  Leaving,
  planDropDatabase,
  planDropRoles,
  planLeaveDatabase,
  rolesToDrop,
} from "../diff/drop";
import { planObjects, planPrivileges } from "../diff/inside";
import { ExplainedError, Problem } from "../errors";
import { ident } from "../quote";
import { Statement, statement } from "../statement";
import { maintenanceDatabase } from "./connect";
import { inTransaction, runAll, runOne } from "./execute";
import { resolvePasswords, secretsOf } from "./passwords";
import { AdminSession, withAdminConnection } from "./session";
import { SqlTarget } from "./target";

export type ApplyOptions = Omit<PlanOptions, "made">;

/** What was done. */
export interface ApplyResult {
  /** Every statement in the order it ran, in its display form. Empty: everything was as declared. */
  executed: string[];
}

/** Makes the cluster as `next` says. What `previous` declared and `next` does not is removed; nothing else is touched. */
export async function applyAccess(
  target: SqlTarget,
  previous: AccessDocument | undefined,
  next: AccessDocument,
  options: ApplyOptions = {},
): Promise<ApplyResult> {
  // Outlives an attempt: what was made before the connection broke is ours when the next attempt finds it.
  const made = new Set<string>();
  const executed: string[] = [];
  await withAdminConnection(target, async (session) => {
    await session.lock();
    await new Application(session, { ...options, made }, made, executed, secretsOf(previous, next)).run(previous, next);
  });
  return { executed };
}

/** One attempt: reads what is there, does what is missing, from the shared objects inwards, and drops last. */
class Application {
  private readonly client: Client;

  constructor(
    private readonly session: AdminSession,
    private readonly options: PlanOptions,
    private readonly made: Set<string>,
    private readonly executed: string[],
    private readonly secrets: string[],
  ) {
    this.client = session.client;
  }

  async run(previous: AccessDocument | undefined, next: AccessDocument): Promise<void> {
    const names = clusterNames([previous, next]);
    const cluster = await readCluster(this.client, { ...names, roles: [...names.roles, ...heirs(this.options)] });
    const problems: Problem[] = [];
    const docs = await resolvePasswords(previous, next, cluster, problems);
    this.secrets.push(...secretsOf(docs.next));
    const ctx = planContext({ ...docs, cluster, options: this.options }, problems);
    const plan = planCluster(ctx);
    stopOn(ctx);
    const after = [...plan.databases.settings, ...plan.grants];
    if (plan.databases.create.length === 0) {
      await this.transaction(ctx, this.client, [...plan.roles, ...after]);
    } else {
      await this.transaction(ctx, this.client, plan.roles);
      for (const s of plan.databases.create) await this.alone(ctx, s);
      await this.transaction(ctx, this.client, after);
    }
    for (const name of databasesToVisit(ctx, plan.databases.found))
      await this.visit(ctx, plan.databases.found.get(name)!);
    await this.transaction(ctx, this.client, plan.databases.late);
    await this.drop(ctx);
  }

  private async visit(ctx: PlanContext, found: CatalogDatabase): Promise<void> {
    const declared = databasesOf(ctx.next).get(found.name);
    if (!found.allowConnections && declared?.allowConnections !== true) {
      this.session.progress(`database ${found.name} takes no connections: its schemas and grants are left as they are`);
      return;
    }
    const owner = declared?.owner ?? found.owner;
    const names = namesInDatabase(found.name, [ctx.previous, ctx.next]);
    await this.session.inDatabase(found.name, (client) =>
      inTransaction(client, async () => {
        let catalog = await readDatabaseCatalog(client, names);
        const objects = withBorrowedRights(ctx, planObjects(ctx, found.name, catalog, found), catalog.adminHas);
        if (objects.length > 0) {
          await runAll(client, objects, this.secrets);
          catalog = await readDatabaseCatalog(client, names);
        }
        const privileges = withBorrowedRights(ctx, planPrivileges(ctx, found.name, catalog, owner), catalog.adminHas);
        stopOn(ctx);
        await runAll(client, privileges, this.secrets);
        return [...objects, ...privileges];
      }).then((statements) => this.record(statements)),
    );
  }

  private async drop(ctx: PlanContext): Promise<void> {
    for (const name of databasesToDrop(ctx)) {
      const { prepare, drop } = planDropDatabase(ctx, name);
      await this.transaction(ctx, this.client, prepare);
      await this.alone(ctx, drop);
    }
    const roles = rolesToDrop(ctx);
    if (roles.length === 0) return;
    if (roles.includes(ctx.cluster.server.admin)) {
      const fix = "declare it again, or use another admin user";
      throw new ExplainedError({
        path: `users.${ctx.cluster.server.admin}`,
        problem: "the admin user cannot drop itself",
        value: ctx.cluster.server.admin,
        fix,
      });
    }
    await this.leaveDatabases(ctx, roles);
    await this.transaction(ctx, this.client, planDropRoles(roles));
  }

  /** PostgreSQL refuses to drop a role that owns something or has rights in any database; its own records say where. */
  private async leaveDatabases(ctx: PlanContext, roles: readonly string[]): Promise<void> {
    const maintenance = maintenanceDatabase(this.session.target);
    const places = new Map<string, Map<string, Leaving>>();
    for (const { database, ...d } of await readDependants(this.client, roles)) {
      const place = places.get(database ?? maintenance) ?? new Map<string, Leaving>();
      const { owns = false, grantors = [] } = place.get(d.role) ?? {};
      place.set(d.role, { role: d.role, owns: owns || d.owns, grantors: [...grantors, ...d.grantors] });
      places.set(database ?? maintenance, place);
    }
    const others = [...places.values()].flatMap((place) => [...place.values()].flatMap((l) => l.grantors));
    const cluster = await readCluster(this.client, {
      ...clusterNames([]),
      roles: [...roles, ...others, ...heirs(ctx.options)],
      databases: [...places.keys()],
    });
    const here = { ...ctx, cluster };
    for (const [database, leaving] of places) {
      const found = cluster.databases.get(database);
      if (!found) continue;
      await this.openDoor(here, found);
      const statements = planLeaveDatabase(here, [...leaving.values()], database, found.owner);
      await this.session.inDatabase(database, (client) => this.transaction(here, client, statements));
    }
  }

  /** An admin that is no superuser may have no CONNECT where somebody else is the owner. */
  private async openDoor(ctx: PlanContext, found: CatalogDatabase): Promise<void> {
    if (!found.allowConnections) {
      const fix = `allow connections for the moment: ALTER DATABASE ${ident(found.name)} WITH ALLOW_CONNECTIONS true`;
      const problem = "a role to be dropped has objects or rights in a database that takes no connections";
      throw new ExplainedError({ path: `databases.${found.name}`, problem, value: found.name, fix });
    }
    if (found.adminCanConnect) return;
    const sql = `GRANT CONNECT ON DATABASE ${ident(found.name)} TO ${ident(ctx.cluster.server.admin)}`;
    await this.transaction(ctx, this.client, [statement(sql, "the admin user must get in", { needs: [found.owner] })]);
  }

  private async transaction(ctx: PlanContext, client: Client, statements: readonly Statement[]): Promise<void> {
    if (statements.length === 0) return;
    const all = withBorrowedRights(ctx, statements);
    await inTransaction(client, async () => {
      await runAll(client, all, this.secrets);
      // Before COMMIT: when the connection breaks in it, nobody knows whether it came through.
      for (const name of ctx.declaredNow) if (!ctx.cluster.roles.has(name)) this.made.add(`role:${name}`);
    });
    this.record(all);
  }

  private async alone(ctx: PlanContext, s: Statement): Promise<void> {
    for (const name of databasesOf(ctx.next).keys())
      if (!ctx.cluster.databases.has(name)) this.made.add(`database:${name}`);
    await runOne(this.client, s, this.secrets);
    this.record([s]);
  }

  private record(statements: readonly Statement[]): void {
    this.executed.push(...statements.map((s) => s.display));
  }
}

const heirs = (options: PlanOptions): string[] =>
  options.reassignOwnedTo === undefined ? [] : [options.reassignOwnedTo];

function stopOn(ctx: PlanContext): void {
  if (ctx.problems.length > 0) throw new ExplainedError(ctx.problems);
}
