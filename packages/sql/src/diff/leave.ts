import type { Dependant } from "../catalog/cluster";
import { type Leftovers, noLeftovers } from "../catalog/leaving";
import type { OwnedRelation } from "../catalog/relations-of";
import { databasesOf } from "../desired/access";
import { ident } from "../quote";
import { type Statement, statement } from "../statement";
import type { PlanContext } from "./context";
import { onLoan } from "./loan";
import { actingFor, loansOf, mayActFor, ownerOfDatabase } from "./take-back";

/** A dropped role's dependencies in one database. */
export type Leaving = Pick<Dependant, "role" | "owns" | "grantors"> & Partial<Pick<Dependant, "oid">>;

/** Facts about one database that roles leave. */
export interface Departure {
  database: string;
  leaving: readonly Leaving[];
  leftovers: Leftovers;
  /** Owners of tables whose policies name leaving roles. */
  policyOwners: readonly string[];
}

/** A departure without special cases. */
export const plainDeparture = (database: string, leaving: readonly Leaving[]): Departure => ({
  database,
  leaving,
  leftovers: noLeftovers,
  policyOwners: [],
});

/**
 * Hands over what dropped roles own in one database. Databases and tablespaces were handed over before, by name, because REASSIGN OWNED
 * would take those of every database.
 */
export function planReassign(ctx: PlanContext, departure: Departure, heir: string): Statement[] {
  const { database, leaving, leftovers } = departure;
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const reason = `${leaving.map((l) => l.role).join(", ")} leaves ${database}`;
  const onDatabase = ownerOfDatabase(ctx, database);
  const out: Statement[] = [];
  const add = (sql: string, needs: readonly string[], more: Partial<Statement> = {}): void =>
    void out.push(statement(sql, reason, { database, needs, ...more }));
  for (const sql of toSuperuser(leftovers, ident(ctx.cluster.server.admin))) add(sql, []);
  if (owners.length === 0) return out;
  const { schemas, publications } = leftovers;
  const loans = schemas.map(({ name: schema, owner }) => ({
    ...{ schema, by: owner, needs: actingFor(ctx, database, owner) ?? [] },
    isInherited: owners.includes(owner),
  }));
  const create = `CREATE ON DATABASE ${ident(database)}`;
  const byOwner = { as: onDatabase[0] };
  if (publications) add(`GRANT ${create} TO ${ident(heir)}`, onDatabase, byOwner);
  const needs = [...owners, heir, ...onDatabase];
  const reassign = statement(`REASSIGN OWNED BY ${owners.map(ident).join(", ")} TO ${ident(heir)}`, reason, {
    database,
    needs,
  });
  out.push(...onLoan([reassign], loans, { privilege: "CREATE", to: heir, reason }));
  if (publications) add(`REVOKE ${create} FROM ${ident(heir)}`, onDatabase, byOwner);
  return out;
}

/** Drops the rights of dropped roles in one database: all but those that only their grantors can revoke. */
export function planDropOwned(ctx: PlanContext, departure: Departure, heir: string): Statement[] {
  const { database, leaving, policyOwners } = departure;
  if (leaving.length === 0) return [];
  const all = leaving.map((l) => l.role);
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const grantors = leaving.flatMap((l) => l.grantors).concat(policyOwners.filter((role) => mayActFor(ctx, role)));
  const needs = [...all, ...grantors.map((g) => (owners.includes(g) ? heir : g)), ...ownerOfDatabase(ctx, database)];
  const reason = `${all.join(", ")} leaves ${database}`;
  const more = { database, needs: [...new Set(needs)], destructive: true };
  return [statement(`DROP OWNED BY ${all.map(ident).join(", ")}`, reason, more)];
}

/** Hands over some relations, in one transaction. Returns undefined if the admin cannot give the heir what it needs to become the owner. */
export function planHandOver(
  ctx: PlanContext,
  { database, leaving }: Pick<Departure, "database" | "leaving">,
  heir: string,
  relations: readonly OwnedRelation[],
): Statement[] | undefined {
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const reason = `${owners.join(", ")} leaves ${database}`;
  const schemas = new Map(relations.filter((r) => !r.heirMayCreate).map((r) => [r.schema, r]));
  const loans = loansOf(ctx, database, [...schemas.values()]);
  if (loans === undefined) return undefined;
  const needs = [...owners, heir];
  const hand = relations.map((r) =>
    statement(`ALTER TABLE ${r.name} OWNER TO ${ident(heir)}`, reason, { database, needs, ofSeen: true }),
  );
  return onLoan(hand, loans, { privilege: "CREATE", to: heir, reason });
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
