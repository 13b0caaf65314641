import type { Dependant } from "../catalog/cluster";
import { type Leftovers, noLeftovers } from "../catalog/leaving";
import type { PassedOn } from "../catalog/passed-on-rights";
import { databasesOf } from "../desired/access";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";

/** A dropped role's dependencies in one database. */
export type Leaving = Pick<Dependant, "role" | "owns" | "grantors">;

/** Facts about one database that roles leave. */
export interface Departure {
  database: string;
  leaving: readonly Leaving[];
  leftovers: Leftovers;
  passedOn: readonly PassedOn[];
  /** Owners of tables whose policies name leaving roles. */
  policyOwners: readonly string[];
}

/** A departure without special cases. */
export const plainDeparture = (database: string, leaving: readonly Leaving[]): Departure => ({
  database,
  leaving,
  leftovers: noLeftovers,
  passedOn: [],
  policyOwners: [],
});

/**
 * Removes dropped roles from one database: their objects go to the heir, their rights are dropped. Databases and tablespaces were handed
 * over before, by name, because REASSIGN OWNED would take those of every database.
 */
export function planLeaveDatabase(ctx: PlanContext, departure: Departure, heir: string): Statement[] {
  const { database, leaving, leftovers, passedOn, policyOwners } = departure;
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const all = leaving.map((l) => l.role);
  const reason = `${all.join(", ")} leaves ${database}`;
  const list = (roles: readonly string[]): string => roles.map(ident).join(", ");
  const onDatabase = ownerOfDatabase(ctx, database);
  const out: Statement[] = passedOn.flatMap((right) => planTakeBack(ctx, right, reason, database));
  const add = (sql: string, needs: readonly string[], more: Partial<Statement> = {}): void =>
    void out.push(statement(sql, reason, { database, needs, ...more }));
  for (const sql of toSuperuser(leftovers, ident(ctx.cluster.server.admin))) add(sql, []);
  if (owners.length > 0) {
    const { schemas, publications } = leftovers;
    const create = `CREATE ON DATABASE ${ident(database)}`;
    if (publications) add(`GRANT ${create} TO ${ident(heir)}`, onDatabase);
    for (const s of schemas) add(`GRANT CREATE ON SCHEMA ${ident(s.name)} TO ${ident(heir)}`, [s.owner]);
    add(`REASSIGN OWNED BY ${list(owners)} TO ${ident(heir)}`, [...owners, heir, ...onDatabase]);
    // The heir already owns schemas of leaving roles.
    for (const s of schemas.filter(({ owner }) => !owners.includes(owner)))
      add(`REVOKE CREATE ON SCHEMA ${ident(s.name)} FROM ${ident(heir)}`, [s.owner]);
    if (publications) add(`REVOKE ${create} FROM ${ident(heir)}`, onDatabase);
  }
  const grantors = leaving.flatMap((l) => l.grantors).concat(policyOwners.filter((role) => mayActFor(ctx, role)));
  const needs = [...all, ...grantors.map((g) => (owners.includes(g) ? heir : g)), ...onDatabase];
  if (all.length > 0) add(`DROP OWNED BY ${list(all)}`, [...new Set(needs)], { destructive: true });
  return out;
}

/** Objects that only a superuser may own go to the admin, who is one. Those that run by themselves are disabled. */
function toSuperuser({ eventTriggers, foreignDataWrappers, subscriptions }: Leftovers, admin: string): string[] {
  const harmless = (kind: string, names: readonly string[]): string[] =>
    names.flatMap((name) => [`ALTER ${kind} ${ident(name)} DISABLE`, `ALTER ${kind} ${ident(name)} OWNER TO ${admin}`]);
  return [
    ...harmless("EVENT TRIGGER", eventTriggers),
    ...harmless("SUBSCRIPTION", subscriptions),
    ...foreignDataWrappers.map((name) => `ALTER FOREIGN DATA WRAPPER ${ident(name)} OWNER TO ${admin}`),
  ];
}

/** REVOKE only revokes the current user's grants, and neither DROP OWNED nor a superuser revokes others'. */
function planTakeBack(
  ctx: PlanContext,
  { grantor, grantee, what }: PassedOn,
  reason: string,
  database: string,
): Statement[] {
  if (!mayActFor(ctx, grantor)) return [];
  return [
    statement(`SET LOCAL ROLE ${ident(grantor)}`, reason, { database, needs: [grantor] }),
    statement(`REVOKE ${what} FROM ${ident(grantee)} CASCADE`, reason, { database, destructive: true }),
    statement("SET LOCAL ROLE NONE", reason, { database }),
  ];
}

/** Only a superuser can act for a superuser. */
const mayActFor = ({ cluster: { server, roles } }: PlanContext, role: string): boolean =>
  server.superuser || roles.get(role)?.superuser !== true;

/** The owner's rights are needed for schemas, and for rights on the database. */
function ownerOfDatabase(ctx: PlanContext, database: string): string[] {
  const owner = ctx.cluster.databases.get(database)?.owner;
  return owner === undefined || !mayActFor(ctx, owner) ? [] : [owner];
}

/** Databases and tablespaces of leaving roles go to their declared owner, else to the admin. */
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
