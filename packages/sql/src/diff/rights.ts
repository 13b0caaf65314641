import { first } from "@pgharbor/core";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";

/**
 * Adds what an admin needs for the statements of one transaction, before the first use, and removes it at the end:
 * memberships in the roles of `needs`, for an admin without superuser rights, and SET LOCAL ROLE for statements with
 * `as`. Nothing outlives the transaction.
 */
export function withRights(ctx: Pick<PlanContext, "cluster">, statements: readonly Statement[]): Statement[] {
  const { server, roles, memberships } = ctx.cluster;
  // Before 16 a membership has one row whoever granted it, which giving back would remove. It suffices for SET ROLE.
  const isMember = (role: string): boolean =>
    server.version < 160000 && memberships.some((m) => m.role === role && m.member === server.admin);
  const has = (role: string): boolean =>
    server.superuser || isMember(role) || role === server.admin || roles.get(role)?.adminHasIt === true;
  const borrowed = new Set<string>();
  const out: Statement[] = [];
  let acting: string | undefined;
  const act = (as: string | undefined, { database }: Statement): void => {
    if (as !== acting) out.push(setRole(as, database));
    acting = as;
  };
  for (const s of statements) {
    const missing = [...new Set(s.needs)].filter((role) => !has(role) && !borrowed.has(role));
    if (missing.length > 0) act(undefined, s);
    for (const role of missing) {
      borrowed.add(role);
      out.push(takeRights(ctx, role, s.database));
    }
    act(s.as, s);
    out.push(s);
  }
  if (acting !== undefined) act(undefined, first(statements));
  return [...out, ...[...borrowed].map((role) => giveBackRights(ctx, role, first(statements).database))];
}

/** The role that makes an owner's grants. A superuser's grants count as the owner's without SET ROLE. */
export const asOwner = ({ cluster: { server } }: Pick<PlanContext, "cluster">, owner: string): string | undefined =>
  server.superuser || owner === server.admin ? undefined : owner;

const setRole = (role: string | undefined, database?: string): Statement =>
  statement(`SET LOCAL ROLE ${role === undefined ? "NONE" : ident(role)}`, "the grantor is the current role", {
    database,
  });

function takeRights({ cluster: { server } }: Pick<PlanContext, "cluster">, role: string, database?: string): Statement {
  const options = server.version >= 160000 ? " WITH INHERIT TRUE, SET TRUE" : "";
  const sql = `GRANT ${ident(role)} TO ${ident(server.admin)}${options}`;
  return statement(sql, `${server.admin} acts for ${role} in this transaction`, { database });
}

function giveBackRights(
  { cluster: { server, memberships } }: Pick<PlanContext, "cluster">,
  role: string,
  database?: string,
): Statement {
  const own = memberships.find((m) => m.role === role && m.member === server.admin && m.grantor === server.admin);
  const onOff = (value: boolean): string => (value ? "TRUE" : "FALSE");
  const sql = own
    ? `GRANT ${ident(role)} TO ${ident(server.admin)} WITH INHERIT ${onOff(own.inherit)}, SET ${onOff(own.set)}`
    : `REVOKE ${ident(role)} FROM ${ident(server.admin)}`;
  return statement(sql, `${server.admin} stops acting for ${role}`, { database });
}
