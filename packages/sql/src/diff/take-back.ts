import type { RemainingRight } from "../catalog/remaining-rights";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";
import { withUsage } from "./grant-statements";
import type { Loan } from "./loan";

/**
 * Revokes rights in the names of their grantors, at most one right of each object: what REVOKE … CASCADE then leaves has to be read again.
 * Rights on schemas come last, because grantors need them to name objects.
 */
export function planTakeBack(ctx: PlanContext, database: string, rights: readonly RemainingRight[]): Statement[] {
  const objects = rights.filter((right) => !right.isSchema);
  const seen = new Set<string>();
  return (objects.length > 0 ? objects : rights).flatMap((right) => {
    const statements = seen.has(right.target) ? [] : takeBack(ctx, database, right);
    if (statements.length > 0) seen.add(right.target);
    return statements;
  });
}

/**
 * A grantor without the grant option cannot revoke. So the owner gives it the option for the moment. The privileges are listed, because with
 * ALL PostgreSQL would take a role that holds more of them for the grantor.
 */
function takeBack(ctx: PlanContext, database: string, right: RemainingRight): Statement[] {
  const { target, column, grantor, grantee, owner, privileges, withoutOption, held } = right;
  const reason = `${grantee ?? "PUBLIC"} has it from ${grantor}`;
  const on = (list: readonly string[]): string =>
    `${list.map((privilege) => (column === "" ? privilege : `${privilege} (${column})`)).join(", ")} ON ${target}`;
  const by = (role: string, sql: string): Statement[] | undefined => {
    const needs = actingFor(ctx, database, role);
    if (needs === undefined) return undefined;
    const hidden = right.hidden.filter((one) => one.role === role);
    const loans = loansOf(ctx, database, hidden);
    const change = statement(sql, reason, { database, needs, as: role, destructive: true });
    return loans && withUsage(change, loans);
  };
  const from = `FROM ${ident(grantor)} CASCADE`;
  const lost = withoutOption.filter((privilege) => !held.includes(privilege));
  const optionOnly = withoutOption.filter((privilege) => held.includes(privilege));
  const parts = [
    ...(withoutOption.length > 0
      ? [by(owner, `GRANT ${on(withoutOption)} TO ${ident(grantor)} WITH GRANT OPTION`)]
      : []),
    by(grantor, `REVOKE ${on(privileges)} FROM ${grantee === null ? "PUBLIC" : ident(grantee)} CASCADE`),
    ...(lost.length > 0 ? [by(owner, `REVOKE ${on(lost)} ${from}`)] : []),
    ...(optionOnly.length > 0 ? [by(owner, `REVOKE GRANT OPTION FOR ${on(optionOnly)} ${from}`)] : []),
  ];
  return parts.some((part) => part === undefined) ? [] : parts.flatMap((part) => part ?? []);
}

/** Loans of the owners of these schemas; undefined if the admin may not act for one of them. */
export function loansOf(
  ctx: PlanContext,
  database: string,
  schemas: readonly { schema: string; schemaOwner: string }[],
): Loan[] | undefined {
  const loans: Loan[] = [];
  for (const { schema, schemaOwner: by } of schemas) {
    const needs = actingFor(ctx, database, by);
    if (needs === undefined) return undefined;
    loans.push({ schema, by, needs });
  }
  return loans;
}

/** Roles whose rights the admin needs to act for this one; undefined if it may not. */
export function actingFor(ctx: PlanContext, database: string, role: string): string[] | undefined {
  if (role !== "pg_database_owner") return mayActFor(ctx, role) ? [role] : undefined;
  const owner = ownerOfDatabase(ctx, database);
  return owner.length > 0 || ctx.cluster.server.superuser ? owner : undefined;
}

/** Only a superuser can act for a superuser. */
export const mayActFor = ({ cluster: { server, roles } }: PlanContext, role: string): boolean =>
  server.superuser || roles.get(role)?.superuser !== true;

/** The owner's rights are needed for schemas, and for rights on the database. */
export function ownerOfDatabase(ctx: PlanContext, database: string): string[] {
  const owner = ctx.cluster.databases.get(database)?.owner;
  return owner === undefined || !mayActFor(ctx, owner) ? [] : [owner];
}
