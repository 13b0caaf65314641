import type { CatalogMembership } from "../catalog/types";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";
import type { WantedMembership } from "./wanted-membership";

/** Before PostgreSQL 16 a pair has one row with one option, ADMIN. INHERIT is the member's attribute, and every member may SET ROLE. */
export function planMembershipBefore16(
  ctx: PlanContext,
  { path, member, declared, inherit }: WantedMembership,
  rows: readonly CatalogMembership[],
): Statement[] {
  const refused =
    declared.set === false
      ? "set"
      : declared.inherit !== undefined && declared.inherit !== inherit
        ? "inherit"
        : undefined;
  if (refused) {
    const problem = `${refused}: ${String(declared[refused])} for one membership needs PostgreSQL 16 or later`;
    const fix =
      refused === "inherit"
        ? `leave it out, or set inherit: ${String(declared.inherit)} on the user itself`
        : "leave it out";
    const value = `server version ${Math.trunc(ctx.cluster.server.version / 10000)}`;
    ctx.problems.push({ path, problem, value, fix });
    return [];
  }
  const pair = [ident(declared.role), ident(member)];
  const admin = declared.admin ?? false;
  const reason =
    rows.length === 0 ? `${member} is not a member of ${declared.role}` : "membership options not as declared";
  if (rows.length === 0 || (admin && !rows.some((r) => r.admin)))
    return [statement(`GRANT ${pair[0]} TO ${pair[1]}${admin ? " WITH ADMIN OPTION" : ""}`, reason)];
  if (!admin && rows.some((r) => r.admin))
    return [statement(`REVOKE ADMIN OPTION FOR ${pair[0]} FROM ${pair[1]}`, reason)];
  return [];
}
