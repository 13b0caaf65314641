import { databasesOf } from "../desired/access";
import { isOwn, recordOf } from "../ownership/ownership";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import { isLeaving, type PlanContext } from "./context";

/**
 * Databases that left the declaration with onDelete: drop, and that are recorded as created by it. No others are
 * dropped.
 */
export function databasesToDrop(ctx: PlanContext): string[] {
  return leavingDatabases(ctx).filter(
    (name) => databasesOf(ctx.previous).get(name)?.onDelete === "drop" && isOwn(ctx.ownership, "database", name),
  );
}

/** Existing databases that left the declaration. */
function leavingDatabases(ctx: PlanContext): string[] {
  const wanted = databasesOf(ctx.next);
  return [...databasesOf(ctx.previous).keys()].filter((name) => !wanted.has(name) && ctx.cluster.databases.has(name));
}

/** Existing roles that left the declaration and are to be dropped. */
export function rolesToDrop(ctx: PlanContext): string[] {
  return [...ctx.declaredBefore].filter((name) => isLeaving(ctx, name) && ctx.cluster.roles.has(name));
}

/** Objects that left the declaration and stay on the server, with the reason. */
export function retained(ctx: PlanContext): { kind: "role" | "database"; name: string; why: string }[] {
  const dropped = { role: new Set(rolesToDrop(ctx)), database: new Set(databasesToDrop(ctx)) };
  const roles = [...ctx.declaredBefore].filter((n) => !ctx.declaredNow.has(n) && ctx.cluster.roles.has(n));
  const retainedOf = (kind: "role" | "database", names: readonly string[]) =>
    names.filter((n) => !dropped[kind].has(n)).map((name) => ({ kind, name, why: whyRetained(ctx, kind, name) }));
  return [...retainedOf("role", roles), ...retainedOf("database", leavingDatabases(ctx))];
}

function whyRetained(ctx: PlanContext, kind: "role" | "database", name: string): string {
  if (ctx.ownership === undefined) return "the admin user can keep no record of what pgharbor made";
  const record = recordOf(ctx.ownership, kind, name);
  if (record === undefined) return "it is not the one that this declaration made";
  if (record.declaration !== ctx.ownership.declaration) return `it is managed by ${record.declaration}`;
  return record.adopted ? "it was there before" : "it is to be retained";
}

/** Two steps for each database: ownership in a transaction, then DROP DATABASE outside one. */
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

/** DROP ROLE statements, for roles without dependencies. */
export function planDropRoles(roles: readonly string[]): Statement[] {
  return roles.map((name) =>
    statement(`DROP ROLE ${ident(name)}`, `role ${name} left the declaration`, { destructive: true }),
  );
}
