import { Dependant } from "../catalog/cluster";
import { Leftovers, noLeftovers } from "../catalog/leaving";
import { databasesOf } from "../desired/access";
import { isOwn, recordOf } from "../ownership/ownership";
import { ident } from "../quote";
import { Statement, statement } from "../statement";
import { isLeaving, PlanContext } from "./context";
import { heirName } from "./heir";

/** Databases that left the declaration with onDelete: drop, and are recorded as its own. Nothing else is ever dropped. */
export function databasesToDrop(ctx: PlanContext): string[] {
  return leavingDatabases(ctx).filter(
    (name) => databasesOf(ctx.previous).get(name)!.onDelete === "drop" && isOwn(ctx.ownership, "database", name),
  );
}

/** Databases that left the declaration, as far as they exist. */
function leavingDatabases(ctx: PlanContext): string[] {
  const wanted = databasesOf(ctx.next);
  return [...databasesOf(ctx.previous).keys()].filter((name) => !wanted.has(name) && ctx.cluster.databases.has(name));
}

/** Roles that left the declaration and are to go with it, as far as they exist. */
export function rolesToDrop(ctx: PlanContext): string[] {
  return [...ctx.declaredBefore].filter((name) => isLeaving(ctx, name) && ctx.cluster.roles.has(name));
}

/** What left the declaration and stays on the server, with the reason. */
export function retained(ctx: PlanContext): { kind: "role" | "database"; name: string; why: string }[] {
  const dropped = { role: new Set(rolesToDrop(ctx)), database: new Set(databasesToDrop(ctx)) };
  const roles = [...ctx.declaredBefore].filter((n) => !ctx.declaredNow.has(n) && ctx.cluster.roles.has(n));
  const stays = (kind: "role" | "database", names: readonly string[]) =>
    names.filter((n) => !dropped[kind].has(n)).map((name) => ({ kind, name, why: whyRetained(ctx, kind, name) }));
  return [...stays("role", roles), ...stays("database", leavingDatabases(ctx))];
}

function whyRetained(ctx: PlanContext, kind: "role" | "database", name: string): string {
  if (ctx.ownership === undefined) return "the admin user can keep no record of what pgharbor made";
  const record = recordOf(ctx.ownership, kind, name);
  if (record === undefined) return "it is not the one that this declaration made";
  if (record.declaration !== ctx.ownership.declaration) return `it is managed by ${record.declaration}`;
  return record.adopted ? "it was there before" : "it is to be retained";
}

/** Two steps a database: ownership, in a transaction, and then DROP DATABASE by itself. */
export function planDropDatabase(ctx: PlanContext, name: string): { prepare: Statement[]; drop: Statement } {
  const { server, databases } = ctx.cluster;
  const owner = databases.get(name)?.owner;
  const reason = `database ${name} left the declaration, which says onDelete: drop`;
  const prepare: Statement[] = [];
  // DROP DATABASE cannot run in the transaction that borrows the owner's rights.
  if (
    !server.superuser &&
    owner !== undefined &&
    owner !== server.admin &&
    databases.get(name)?.ownerAdminHas !== true
  ) {
    prepare.push(
      statement(`ALTER DATABASE ${ident(name)} OWNER TO ${ident(server.admin)}`, reason, { needs: [owner] }),
    );
  }
  if (databases.get(name)?.isTemplate === true)
    prepare.push(
      statement(`ALTER DATABASE ${ident(name)} WITH IS_TEMPLATE false`, reason, {
        needs: owner === undefined ? [] : [owner],
      }),
    );
  const drop = statement(`DROP DATABASE ${ident(name)} WITH (FORCE)`, reason, {
    destructive: true,
    transactional: false,
  });
  return { prepare, drop };
}

/** The role that keeps what dropped roles left behind in a database, where there is one. */
export function heirOf(ctx: PlanContext, database: string): string | undefined {
  const { oid } = ctx.cluster.databases.get(database) ?? {};
  const heir = oid === undefined ? undefined : heirName(oid);
  return heir !== undefined && recordOf(ctx.ownership, "heir", heir) !== undefined ? heir : undefined;
}

/** A role that is dropped, and what it is in one database. */
export type Leaving = Pick<Dependant, "role" | "owns" | "grantors">;

/**
 * Takes dropped roles out of one database: what they own goes to the heir, and their rights go. Databases and tablespaces were
 * handed over before, by name: REASSIGN OWNED takes those of every database with it.
 */
export function planLeaveDatabase(
  ctx: PlanContext,
  leaving: readonly Leaving[],
  database: string,
  heir: string,
  leftovers: Leftovers = noLeftovers,
): Statement[] {
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const all = leaving.map((l) => l.role);
  const reason = (roles: readonly string[]): string => `${roles.join(", ")} leaves ${database}`;
  const list = (roles: readonly string[]): string => roles.map(ident).join(", ");
  const out: Statement[] = [];
  const add = (sql: string, needs: readonly string[], more: Partial<Statement> = {}): void =>
    void out.push(statement(sql, reason(all), { database, needs, ...more }));
  for (const name of leftovers.eventTriggers) {
    add(`ALTER EVENT TRIGGER ${ident(name)} DISABLE`, []);
    add(`ALTER EVENT TRIGGER ${ident(name)} OWNER TO ${ident(ctx.cluster.server.admin)}`, []);
  }
  for (const name of leftovers.foreignDataWrappers)
    add(`ALTER FOREIGN DATA WRAPPER ${ident(name)} OWNER TO ${ident(ctx.cluster.server.admin)}`, []);
  if (owners.length > 0) {
    const { schemas } = leftovers;
    for (const s of schemas) add(`GRANT CREATE ON SCHEMA ${ident(s.name)} TO ${ident(heir)}`, [s.owner]);
    add(`REASSIGN OWNED BY ${list(owners)} TO ${ident(heir)}`, [...owners, heir, ...ownerOfDatabase(ctx, database)]);
    // One that a leaving role owned is the heir's own now.
    for (const s of schemas.filter(({ owner }) => !owners.includes(owner)))
      add(`REVOKE CREATE ON SCHEMA ${ident(s.name)} FROM ${ident(heir)}`, [s.owner]);
  }
  const grantors = leaving.flatMap((l) => l.grantors).map((g) => (owners.includes(g) ? heir : g));
  if (all.length > 0)
    add(`DROP OWNED BY ${list(all)}`, [...new Set([...all, ...grantors, ...ownerOfDatabase(ctx, database)])], {
      destructive: true,
    });
  return out;
}

/** Its rights are needed for schemas, and for rights on the database itself; nobody but a superuser can act for a superuser. */
function ownerOfDatabase(ctx: PlanContext, database: string): string[] {
  const owner = ctx.cluster.databases.get(database)?.owner;
  return owner === undefined || ctx.cluster.roles.get(owner)?.superuser === true ? [] : [owner];
}

/** Databases and tablespaces of leaving roles go to the owner that is declared for them, else to the admin. */
export function planSharedHeirs(
  ctx: PlanContext,
  shared: readonly { kind: "database" | "tablespace"; name: string; owner: string }[],
): Statement[] {
  const { admin } = ctx.cluster.server;
  return shared.map(({ kind, name, owner }) => {
    const declared = kind === "database" ? databasesOf(ctx.next).get(name)?.owner : undefined;
    const heir = declared ?? admin;
    const sql = `ALTER ${kind.toUpperCase()} ${ident(name)} OWNER TO ${ident(heir)}`;
    return statement(sql, `${owner} leaves, who owned it`, { needs: [owner, heir] });
  });
}

/** The end of the roles themselves, once nothing depends on them. */
export function planDropRoles(roles: readonly string[]): Statement[] {
  return roles.map((name) =>
    statement(`DROP ROLE ${ident(name)}`, `role ${name} left the declaration`, { destructive: true }),
  );
}
