import { Dependant } from "../catalog/cluster";
import { databasesOf } from "../desired/access";
import { ident } from "../quote";
import { Statement, statement } from "../statement";
import { isLeaving, PlanContext } from "./context";

/** Databases that were declared with onDelete: drop and left the declaration. Nothing else is ever dropped. */
export function databasesToDrop(ctx: PlanContext): string[] {
  const wanted = databasesOf(ctx.next);
  return [...databasesOf(ctx.previous).values()]
    .filter((d) => !wanted.has(d.name) && d.onDelete === "drop" && ctx.cluster.databases.has(d.name))
    .map((d) => d.name);
}

/** Roles that were declared and left the declaration, as far as they exist. */
export function rolesToDrop(ctx: PlanContext): string[] {
  return [...ctx.declaredBefore].filter((name) => isLeaving(ctx, name) && ctx.cluster.roles.has(name));
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
  const drop = statement(`DROP DATABASE ${ident(name)} WITH (FORCE)`, reason, {
    destructive: true,
    transactional: false,
  });
  return { prepare, drop };
}

/** A role that is dropped, and what it is in one database. */
export type Leaving = Pick<Dependant, "role" | "owns" | "grantors">;

/** Takes dropped roles out of one database: what they own goes to another, and their rights go. */
export function planLeaveDatabase(
  ctx: PlanContext,
  leaving: readonly Leaving[],
  database: string,
  databaseOwner: string,
): Statement[] {
  const heir = heirOf(ctx, leaving, databaseOwner);
  const plan = (verb: string, roles: readonly string[], to: string, more: Partial<Statement>): Statement[] => {
    if (roles.length === 0) return [];
    const reason = `${roles.join(", ")} leaves ${database}`;
    return [statement(`${verb} OWNED BY ${roles.map(ident).join(", ")}${to}`, reason, { database, ...more })];
  };
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const all = leaving.map((l) => l.role);
  return [
    ...plan("REASSIGN", owners, ` TO ${ident(heir)}`, { needs: [...owners, heir] }),
    ...plan("DROP", all, "", {
      needs: [...new Set([...all, ...leaving.flatMap((l) => l.grantors)])],
      destructive: true,
    }),
  ];
}

/** The owner of the database, unless it is dropped itself, or is a superuser whom this admin cannot act for. */
function heirOf(ctx: PlanContext, leaving: readonly Leaving[], databaseOwner: string): string {
  const { server, roles } = ctx.cluster;
  if (ctx.options.reassignOwnedTo !== undefined) return ctx.options.reassignOwnedTo;
  const outOfReach = !server.superuser && roles.get(databaseOwner)?.superuser === true;
  return outOfReach || leaving.some((l) => l.role === databaseOwner) ? server.admin : databaseOwner;
}

/** The end of the roles themselves, once nothing depends on them. */
export function planDropRoles(roles: readonly string[]): Statement[] {
  return roles.map((name) =>
    statement(`DROP ROLE ${ident(name)}`, `role ${name} left the declaration`, { destructive: true }),
  );
}
