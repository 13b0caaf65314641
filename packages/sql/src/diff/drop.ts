import { databasesOf, rolesOf } from "../desired/access";
import { ident } from "../quote";
import { Statement, statement } from "../statement";
import { PlanContext } from "./context";

/** Databases that were declared with onDelete: drop and left the declaration. Nothing else is ever dropped. */
export function databasesToDrop(ctx: PlanContext): string[] {
  const wanted = databasesOf(ctx.next);
  return [...databasesOf(ctx.previous).values()]
    .filter((d) => !wanted.has(d.name) && d.onDelete === "drop" && ctx.cluster.databases.has(d.name))
    .map((d) => d.name);
}

/** Roles that were declared and left the declaration, as far as they exist. */
export function rolesToDrop(ctx: PlanContext): string[] {
  const wanted = rolesOf(ctx.next);
  return [...rolesOf(ctx.previous).keys()].filter((name) => !wanted.has(name) && ctx.cluster.roles.has(name));
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

/** Takes dropped roles out of one database: what they own goes to another, and their rights go. */
export function planLeaveDatabase(
  ctx: PlanContext,
  roles: readonly string[],
  database: string,
  databaseOwner: string,
): Statement[] {
  const heir =
    ctx.options.reassignOwnedTo ?? (roles.includes(databaseOwner) ? ctx.cluster.server.admin : databaseOwner);
  const list = roles.map(ident).join(", ");
  const names = roles.join(", ");
  const more = { database, needs: [...roles, heir] };
  return [
    statement(`REASSIGN OWNED BY ${list} TO ${ident(heir)}`, `${heir} gets what ${names} owned in ${database}`, more),
    statement(`DROP OWNED BY ${list}`, `the rights of ${names} in ${database} go`, { ...more, destructive: true }),
  ];
}

/** The end of the roles themselves, once nothing depends on them. */
export function planDropRoles(roles: readonly string[]): Statement[] {
  return roles.map((name) =>
    statement(`DROP ROLE ${ident(name)}`, `role ${name} left the declaration`, { destructive: true }),
  );
}
