import { CatalogMembership } from "../catalog/types";
import {
  effectiveMembership,
  isAsDeclared,
  MembershipOptions,
  OPTIONS,
  optionsOf,
} from "../catalog/membership-options";
import { rolesOf } from "../desired/access";
import { DesiredRole, Membership } from "../desired/role";
import { ident } from "../quote";
import { Statement, statement } from "../statement";
import { PlanContext } from "./context";
import { inheritOf } from "./role";

const V16 = 160000;
const onOff = (value: boolean): string => (value ? "TRUE" : "FALSE");

/** Revokes the memberships that were declared before and are no longer, and grants the declared ones. */
export function planMemberships(ctx: PlanContext): Statement[] {
  const before = rolesOf(ctx.previous);
  const roles = [...rolesOf(ctx.next).values()];
  // All revocations first: two roles may change places, and a role cannot be a member of its own member.
  const revoked = roles.flatMap((role) => {
    const wanted = new Set((role.memberships ?? []).map((m) => m.role));
    const gone = (before.get(role.name)?.memberships ?? []).filter((m) => !wanted.has(m.role));
    return gone.flatMap((m) => revokeMembership(ctx, m.role, role.name));
  });
  const granted = roles.flatMap((role) =>
    (role.memberships ?? []).flatMap((m) => planMembership(ctx, before.get(role.name), role, m)),
  );
  return [...revoked, ...granted];
}

function rowsOf(ctx: PlanContext, role: string, member: string): CatalogMembership[] {
  return ctx.cluster.memberships.filter((m) => m.role === role && m.member === member);
}

function planMembership(
  ctx: PlanContext,
  previous: DesiredRole | undefined,
  member: DesiredRole,
  wanted: Membership,
): Statement[] {
  const path = `users.${member.name}.memberships.${wanted.role}`;
  if (!ctx.cluster.roles.has(wanted.role) && !ctx.declaredNow.has(wanted.role)) {
    const fix = "declare that role too, or create it before";
    ctx.problems.push({ path, problem: "the role does not exist", value: JSON.stringify(wanted.role), fix });
    return [];
  }
  if (member.memberships!.filter((m) => m.role === wanted.role).length > 1) {
    const problem = { path, problem: "is listed twice", value: JSON.stringify(wanted.role), fix: "remove one" };
    if (!ctx.problems.some((p) => p.path === path)) ctx.problems.push(problem);
    return [];
  }
  const rows = rowsOf(ctx, wanted.role, member.name);
  const inherit = inheritOf(previous, member, ctx.cluster.roles.get(member.name));
  return ctx.cluster.server.version >= V16
    ? planWithOptions(member.name, wanted, inherit, rows)
    : planBefore16(ctx, path, member, wanted, inherit, rows);
}

/**
 * Since 16 each membership has its own options, and a pair has a row for each grantor. Their rights add up, so what is missing is
 * granted once, and what is too much is taken from each row that this admin may change.
 */
function planWithOptions(
  member: string,
  declared: Membership,
  inherit: boolean,
  rows: readonly CatalogMembership[],
): Statement[] {
  const { role } = declared;
  const wanted = optionsOf(declared, inherit);
  if (isAsDeclared(rows, wanted)) return [];
  const mine = rows.filter((r) => r.reachable);
  const reason = rows.length === 0 ? `${member} is not a member of ${role}` : "membership options not as declared";
  const grant = (options: readonly (keyof MembershipOptions)[], row?: CatalogMembership): Statement => {
    const list = options.map((option) => `${option.toUpperCase()} ${onOff(wanted[option])}`);
    const words = list.length > 0 ? ` WITH ${list.join(", ")}` : "";
    const by = row === undefined ? "" : ` GRANTED BY ${ident(row.grantor)}`;
    return statement(`GRANT ${ident(role)} TO ${ident(member)}${words}${by}`, reason, {
      needs: row === undefined ? [] : needsOf(row),
    });
  };
  if (mine.length === 0) {
    const standard = optionsOf({ role }, inherit);
    return [grant(OPTIONS.filter((option) => wanted[option] !== standard[option]))];
  }
  const found = effectiveMembership(rows, wanted);
  return mine.flatMap((row, i) => {
    const options = OPTIONS.filter((option) => (wanted[option] ? i === 0 && !found[option] : row[option]));
    return options.length === 0 ? [] : [grant(options, row)];
  });
}

/** A superuser acts for every grantor. */
const needsOf = (row: CatalogMembership): string[] => [row.grantor];

function planBefore16(
  ctx: PlanContext,
  path: string,
  member: DesiredRole,
  wanted: Membership,
  inherit: boolean,
  rows: readonly CatalogMembership[],
): Statement[] {
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

/** Since 16 REVOKE takes back one grantor's row only: each that this admin may change is named. */
function revokeMembership(ctx: PlanContext, role: string, member: string): Statement[] {
  const reason = `${member} is no longer declared as a member of ${role}`;
  const sql = `REVOKE ${ident(role)} FROM ${ident(member)}`;
  const rows = rowsOf(ctx, role, member);
  if (ctx.cluster.server.version < V16) return rows.length > 0 ? [statement(sql, reason)] : [];
  return rows
    .filter((row) => row.reachable)
    .map((row) => statement(`${sql} GRANTED BY ${ident(row.grantor)}`, reason, { needs: needsOf(row) }));
}
