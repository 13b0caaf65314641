import { CatalogMembership } from "../catalog/types";
import { rolesOf } from "../desired/access";
import { DesiredRole, Membership } from "../desired/role";
import { ident } from "../quote";
import { Statement, statement } from "../statement";
import { PlanContext } from "./context";

const V16 = 160000;
const onOff = (value: boolean): string => (value ? "TRUE" : "FALSE");

/** Grants the declared memberships and revokes those that were declared before and are no longer. */
export function planMemberships(ctx: PlanContext): Statement[] {
  const before = rolesOf(ctx.previous);
  return [...rolesOf(ctx.next).values()].flatMap((role) => {
    const wanted = role.memberships ?? [];
    const gone = (before.get(role.name)?.memberships ?? []).filter((m) => !wanted.some((w) => w.role === m.role));
    return [
      ...gone.flatMap((m) => revokeMembership(ctx, m.role, role.name)),
      ...wanted.flatMap((m) => planMembership(ctx, role, m)),
    ];
  });
}

function rowsOf(ctx: PlanContext, role: string, member: string): CatalogMembership[] {
  return ctx.cluster.memberships.filter((m) => m.role === role && m.member === member);
}

function planMembership(ctx: PlanContext, member: DesiredRole, wanted: Membership): Statement[] {
  const path = `users.${member.name}.memberships.${wanted.role}`;
  if (!ctx.cluster.roles.has(wanted.role) && !ctx.declaredNow.has(wanted.role)) {
    const fix = "declare that role too, or create it before";
    ctx.problems.push({ path, problem: "the role does not exist", value: JSON.stringify(wanted.role), fix });
    return [];
  }
  const rows = rowsOf(ctx, wanted.role, member.name);
  return ctx.cluster.server.version >= V16
    ? planWithOptions(member.name, wanted, rows)
    : planBefore16(ctx, path, member, wanted, rows);
}

/** Since 16 each membership has its own INHERIT and SET; several grantors' rows of one pair add up. */
function planWithOptions(member: string, wanted: Membership, rows: readonly CatalogMembership[]): Statement[] {
  const options: string[] = [];
  const set = wanted.set ?? true;
  const admin = wanted.admin ?? false;
  if (rows.length === 0 ? admin : rows.some((r) => r.admin) !== admin) options.push(`ADMIN ${onOff(admin)}`);
  if (wanted.inherit !== undefined && (rows.length === 0 || rows.some((r) => r.inherit) !== wanted.inherit)) {
    options.push(`INHERIT ${onOff(wanted.inherit)}`);
  }
  if (rows.length === 0 ? !set : rows.some((r) => r.set) !== set) options.push(`SET ${onOff(set)}`);
  if (rows.length > 0 && options.length === 0) return [];
  const withOptions = options.length > 0 ? ` WITH ${options.join(", ")}` : "";
  const reason =
    rows.length === 0 ? `${member} is not a member of ${wanted.role}` : "membership options not as declared";
  return [statement(`GRANT ${ident(wanted.role)} TO ${ident(member)}${withOptions}`, reason)];
}

function planBefore16(
  ctx: PlanContext,
  path: string,
  member: DesiredRole,
  wanted: Membership,
  rows: readonly CatalogMembership[],
): Statement[] {
  const inherit = member.inherit ?? ctx.cluster.roles.get(member.name)?.inherit ?? true;
  const refused =
    wanted.set === false ? "set" : wanted.inherit !== undefined && wanted.inherit !== inherit ? "inherit" : undefined;
  if (refused) {
    const problem = `${refused}: ${String(wanted[refused])} for one membership needs PostgreSQL 16 or later`;
    const fix =
      refused === "inherit"
        ? `leave it out, or set inherit: ${String(wanted.inherit)} on the user itself`
        : "leave it out";
    ctx.problems.push({
      path,
      problem,
      value: `server version ${Math.trunc(ctx.cluster.server.version / 10000)}`,
      fix,
    });
    return [];
  }
  const pair = [ident(wanted.role), ident(member.name)];
  const admin = wanted.admin ?? false;
  if (rows.length === 0 || (admin && !rows.some((r) => r.admin))) {
    const reason =
      rows.length === 0 ? `${member.name} is not a member of ${wanted.role}` : "membership options not as declared";
    return [statement(`GRANT ${pair[0]} TO ${pair[1]}${admin ? " WITH ADMIN OPTION" : ""}`, reason)];
  }
  if (!admin && rows.some((r) => r.admin)) {
    return [statement(`REVOKE ADMIN OPTION FOR ${pair[0]} FROM ${pair[1]}`, "membership options not as declared")];
  }
  return [];
}

function revokeMembership(ctx: PlanContext, role: string, member: string): Statement[] {
  const { server } = ctx.cluster;
  const reason = `${member} is no longer declared as a member of ${role}`;
  const sql = `REVOKE ${ident(role)} FROM ${ident(member)}`;
  const rows = rowsOf(ctx, role, member);
  // Since 16 REVOKE takes back one grantor's row only; a superuser may name each of them.
  if (server.version >= V16 && server.superuser) {
    return rows.map((row) => statement(`${sql} GRANTED BY ${ident(row.grantor)}`, reason));
  }
  return rows.length > 0 ? [statement(sql, reason)] : [];
}
