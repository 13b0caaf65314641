import { effectiveMembership, type MembershipOptions, OPTIONS, optionsOf } from "../catalog/membership-options";
import type { CatalogMembership } from "../catalog/types";
import { rolesOf } from "../desired/access";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";
import type { WantedMembership } from "./wanted-membership";
import { planMembershipBefore16 } from "./membership-before-16";
import { inheritOf } from "./role";

const V16 = 160000;

/**
 * Revokes memberships that left the declaration, and grants declared ones. All revokes come first: two roles may swap,
 * and roles cannot be members of each other.
 */
export function planMemberships(ctx: PlanContext): Statement[] {
  const wanted = wantedMemberships(ctx);
  const rows = [...ctx.cluster.memberships];
  const revoked = leftMemberships(ctx).flatMap(({ role, member }) => revokeMembership(ctx, rows, role, member));
  if (ctx.cluster.server.version < V16)
    return [...revoked, ...wanted.flatMap((w) => planMembershipBefore16(ctx, w, rowsOf(rows, w)))];
  return [...revoked, ...wanted.flatMap((w) => takeOptions(rows, w)), ...wanted.flatMap((w) => grantOptions(rows, w))];
}

function wantedMemberships(ctx: PlanContext): WantedMembership[] {
  const before = rolesOf(ctx.previous);
  return [...rolesOf(ctx.next).values()].flatMap((role) => {
    const inherit = inheritOf(before.get(role.name), role, ctx.cluster.roles.get(role.name));
    const seen = new Set<string>();
    return (role.memberships ?? []).flatMap((declared) => {
      const path = `users.${role.name}.memberships.${declared.role}`;
      const known = ctx.cluster.roles.has(declared.role) || ctx.declaredNow.has(declared.role);
      const problem = !known ? "the role does not exist" : seen.has(declared.role) ? "is listed twice" : undefined;
      seen.add(declared.role);
      if (problem === undefined) return [{ path, member: role.name, declared, inherit }];
      const fix = known ? "remove one" : "declare that role too, or create it before";
      ctx.problems.push({ path, problem, value: JSON.stringify(declared.role), fix });
      return [];
    });
  });
}

/** Only for roles that are still declared: dropping a role removes its memberships. */
function leftMemberships(ctx: PlanContext): { role: string; member: string }[] {
  const before = rolesOf(ctx.previous);
  return [...rolesOf(ctx.next).values()].flatMap(({ name, memberships = [] }) => {
    const wanted = new Set(memberships.map((m) => m.role));
    const gone = (before.get(name)?.memberships ?? []).filter((m) => !wanted.has(m.role));
    return gone.map(({ role }) => ({ role, member: name }));
  });
}

const rowsOf = (rows: readonly CatalogMembership[], { member, declared }: WantedMembership): CatalogMembership[] =>
  rows.filter((m) => m.role === declared.role && m.member === member);

/** Since 16 REVOKE removes one grantor's row only, so each row that this admin may change is revoked. */
function revokeMembership(ctx: PlanContext, rows: CatalogMembership[], role: string, member: string): Statement[] {
  const reason = `${member} is no longer declared as a member of ${role}`;
  const sql = `REVOKE ${ident(role)} FROM ${ident(member)}`;
  const changeable = rows.filter((row) => row.role === role && row.member === member && row.reachable);
  if (ctx.cluster.server.version < V16) return changeable.length > 0 ? [statement(sql, reason)] : [];
  return changeable.map((row) => {
    remove(rows, row);
    return statement(`${sql} GRANTED BY ${ident(row.grantor)}${row.admin ? " CASCADE" : ""}`, reason, {
      needs: [row.grantor],
    });
  });
}

/** The grants that a member made end with the member's last ADMIN option, on the server and in `rows`. */
function remove(rows: CatalogMembership[], row: CatalogMembership, by?: CatalogMembership): void {
  const at = rows.indexOf(row);
  if (at < 0) return;
  rows.splice(at, 1, ...(by ? [by] : []));
  if (rows.some((r) => r.role === row.role && r.member === row.member && r.admin)) return;
  for (const passedOn of rows.filter((r) => r.role === row.role && r.grantor === row.member)) remove(rows, passedOn);
}

const REASON = "membership options not as declared";

/** Removes undeclared options from each row that this admin may change, because the rows of one pair add up. */
function takeOptions(rows: CatalogMembership[], wanted: WantedMembership): Statement[] {
  const options = optionsOf(wanted.declared, wanted.inherit);
  const pair = { role: ident(wanted.declared.role), member: ident(wanted.member) };
  return rowsOf(rows, wanted).flatMap((row) => {
    const tooMuch = OPTIONS.filter((option) => row.reachable && row[option] && !options[option]);
    // Removing an earlier row may have removed this one.
    if (tooMuch.length === 0 || !rows.includes(row)) return [];
    remove(rows, row, { ...row, ...Object.fromEntries(tooMuch.map((option) => [option, false])) });
    const by = `GRANTED BY ${ident(row.grantor)}`;
    const more = { needs: [row.grantor] };
    const others = tooMuch.filter((option) => option !== "admin").map((option) => `${option.toUpperCase()} FALSE`);
    return [
      ...(tooMuch.includes("admin")
        ? [statement(`REVOKE ADMIN OPTION FOR ${pair.role} FROM ${pair.member} ${by} CASCADE`, REASON, more)]
        : []),
      ...(others.length > 0
        ? [statement(`GRANT ${pair.role} TO ${pair.member} WITH ${others.join(", ")} ${by}`, REASON, more)]
        : []),
    ];
  });
}

/** Grants the options that no lasting row has, in a row of this admin's if there is one. */
function grantOptions(rows: readonly CatalogMembership[], wanted: WantedMembership): Statement[] {
  const options = optionsOf(wanted.declared, wanted.inherit);
  const found = rowsOf(rows, wanted).filter((row) => row.passedOn !== true);
  const changeable = found.find((row) => row.reachable);
  const has = effectiveMembership(found, options);
  const missing = OPTIONS.filter((option) => options[option] && !has[option]);
  if (found.length > 0 && missing.length === 0) return [];
  const standard = optionsOf({ role: wanted.declared.role }, wanted.inherit);
  const words: [keyof MembershipOptions, boolean][] = changeable
    ? missing.map((option) => [option, true])
    : OPTIONS.filter((option) => options[option] !== standard[option]).map((option) => [option, options[option]]);
  const list = words.map(([option, value]) => `${option.toUpperCase()} ${value ? "TRUE" : "FALSE"}`);
  const sql =
    `GRANT ${ident(wanted.declared.role)} TO ${ident(wanted.member)}` +
    (list.length > 0 ? ` WITH ${list.join(", ")}` : "") +
    (changeable ? ` GRANTED BY ${ident(changeable.grantor)}` : "");
  const reason = found.length === 0 ? `${wanted.member} is not a member of ${wanted.declared.role}` : REASON;
  return [statement(sql, reason, { needs: changeable ? [changeable.grantor] : [] })];
}
