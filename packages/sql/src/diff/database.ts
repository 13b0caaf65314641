import type { CatalogDatabase } from "../catalog/types";
import { databasesOf } from "../desired/access";
import type { DesiredDatabase } from "../desired/database";
import { immutableDatabaseChanges } from "../desired/immutable";
import type { Explanation } from "../errors";
import { ident, literal } from "../quote";
import { type Statement, statement } from "../statement";
import { isOwn, recordOf } from "../ownership/ownership";
import { heirsIn } from "../ownership/heir";
import { type PlanContext, refusal } from "./context";
import { parameterChanges } from "./parameters";
import { asOwner } from "./rights";
import { checkAgainstServer } from "./database-immutable";

/** Statements for the declared databases that run in the maintenance database. */
export interface DatabasePlan {
  /** CREATE DATABASE and SET TABLESPACE, each outside a transaction. */
  create: Statement[];
  settings: Statement[];
  /** Statements after the work inside: closing a database to connections. */
  deferred: Statement[];
  /** The databases after `create`. */
  found: Map<string, CatalogDatabase>;
}

export function planDatabases(ctx: PlanContext): DatabasePlan {
  const plan: DatabasePlan = { create: [], settings: [], deferred: [], found: new Map(ctx.cluster.databases) };
  const before = databasesOf(ctx.previous);
  for (const next of databasesOf(ctx.next).values()) {
    const previous = before.get(next.name);
    let found = ctx.cluster.databases.get(next.name);
    if (!checkDatabase(ctx, previous, next, found)) continue;
    if (!found) {
      plan.create.push(createDatabase(next));
      found = asCreated(next, ctx.cluster.server.admin);
      plan.found.set(next.name, found);
    }
    const { now, deferred, alone } = databaseSettings(ctx, previous, next, found);
    plan.create.push(...alone);
    plan.settings.push(...now);
    plan.deferred.push(...deferred);
  }
  return plan;
}

function checkDatabase(
  ctx: PlanContext,
  previous: DesiredDatabase | undefined,
  next: DesiredDatabase,
  found: CatalogDatabase | undefined,
): boolean {
  const { server, roles } = ctx.cluster;
  const path = `databases.${next.name}`;
  const problems = ctx.problems.length;
  const refused = found && refusal(ctx, "database", next, previous !== undefined);
  if (refused) ctx.problems.push(refused);
  if (!found && next.baselineSql !== undefined) ctx.problems.push(...baselineProblems(ctx, path, next));
  if (!found && !server.superuser && !server.createdb) {
    const fix = `run ALTER ROLE ${ident(server.admin)} CREATEDB as a superuser, or use another admin user`;
    ctx.problems.push({
      path,
      problem: "the admin user may not create databases (CREATEDB)",
      value: server.admin,
      fix,
    });
  }
  for (const owner of [next.owner, ...(next.schemas ?? []).map((s) => s.owner)]) {
    if (owner === undefined || roles.has(owner) || ctx.declaredNow.has(owner)) continue;
    const fix = "declare that user too, or create it before";
    ctx.problems.push({
      path: `${path}.owner`,
      problem: "the owner does not exist",
      value: JSON.stringify(owner),
      fix,
    });
  }
  for (const change of previous && found ? immutableDatabaseChanges(previous, next) : []) {
    const fix = `keep ${change.from}, or make a database of another name and move the data there`;
    const problem = `cannot be changed in place: ${change.reason}`;
    ctx.problems.push({ path: `${path}.${change.field}`, problem, value: change.to, fix });
  }
  if (found) checkAgainstServer(ctx, path, next, found);
  return ctx.problems.length === problems;
}

/**
 * The baseline runs exactly once, which needs a record, and with only the owner's rights: with the admin's it could run other users' code
 * in a schema or a template.
 */
function baselineProblems(ctx: PlanContext, path: string, next: DesiredDatabase): Explanation[] {
  const { server, roles } = ctx.cluster;
  const problem = (text: string, value: string, fix: string): Explanation[] => [
    { path: `${path}.baselineSql`, problem: text, value, fix },
  ];
  if (ctx.ownership === undefined) {
    const fix = `run GRANT CREATE ON DATABASE … TO ${ident(server.admin)} in the maintenance database, or leave the baseline out`;
    const text = "the admin user can keep no record of whether the baseline SQL has run";
    return problem(text, `${next.baselineSql?.length} characters`, fix);
  }
  const owner = next.owner ?? server.admin;
  const isSuperuser = roles.get(owner)?.superuser === true || ctx.next.users?.[owner]?.superuser === true;
  if (owner !== server.admin && !isSuperuser) return [];
  const text = "runs with the rights of the database's owner, which must be neither the admin user nor a superuser";
  return problem(text, `owner ${owner}`, "give the database an owner");
}

/** True if the baseline SQL of a declared database must still run. */
export function isBaselineDue(ctx: PlanContext, next: DesiredDatabase): boolean {
  if (next.baselineSql === undefined || ctx.ownership === undefined) return false;
  if (!ctx.cluster.databases.has(next.name)) return true;
  return (
    isOwn(ctx.ownership, "database", next.name) && recordOf(ctx.ownership, "database", next.name)?.unfinished === true
  );
}

function createDatabase(next: DesiredDatabase): Statement {
  const localised = [next.encoding, next.locale, next.lcCollate, next.lcCtype, next.localeProvider, next.icuLocale];
  // template1 may contain text in its own encoding and order, so only template0 can be copied into another locale.
  const template = next.template ?? (localised.some((v) => v !== undefined) ? "template0" : undefined);
  const clauses: [string, string | undefined][] = [
    // The owner is set later, in the transaction that records the database; until then it is the admin's.
    ["TEMPLATE", template === undefined ? undefined : ident(template)],
    ["ENCODING", next.encoding === undefined ? undefined : literal(next.encoding)],
    ["LOCALE_PROVIDER", next.localeProvider === undefined ? undefined : ident(next.localeProvider)],
    ["LOCALE", next.locale === undefined ? undefined : literal(next.locale)],
    ["LC_COLLATE", next.lcCollate === undefined ? undefined : literal(next.lcCollate)],
    ["LC_CTYPE", next.lcCtype === undefined ? undefined : literal(next.lcCtype)],
    ["ICU_LOCALE", next.icuLocale === undefined ? undefined : literal(next.icuLocale)],
    ["TABLESPACE", next.tablespace === undefined ? undefined : ident(next.tablespace)],
    ["CONNECTION LIMIT", next.connlimit === undefined || next.connlimit === -1 ? undefined : String(next.connlimit)],
  ];
  const words = clauses.filter(([, value]) => value !== undefined).map(([word, value]) => `${word} ${value}`);
  const sql = [`CREATE DATABASE ${ident(next.name)}`, ...words].join(" ");
  return statement(sql, `database ${next.name} does not exist`, { transactional: false, creates: next.name });
}

/** A database right after CREATE DATABASE. Its immutable fields are not compared again. */
function asCreated(next: DesiredDatabase, admin: string): CatalogDatabase {
  return {
    name: next.name,
    owner: admin,
    encoding: next.encoding ?? "",
    collate: next.lcCollate ?? next.locale ?? "",
    ctype: next.lcCtype ?? next.locale ?? "",
    provider: next.localeProvider ?? "",
    locale: next.icuLocale ?? null,
    tablespace: next.tablespace ?? "",
    allowConnections: true,
    connlimit: next.connlimit ?? -1,
    comment: null,
    parameters: {},
    publicConnect: true,
    adminCanConnect: true,
    ownerAdminHas: true,
  };
}

function databaseSettings(
  ctx: PlanContext,
  previous: DesiredDatabase | undefined,
  next: DesiredDatabase,
  found: CatalogDatabase,
): { now: Statement[]; deferred: Statement[]; alone: Statement[] } {
  const name = ident(next.name);
  const owner = next.owner ?? found.owner;
  const isNew = !ctx.cluster.databases.has(next.name);
  const reason = (what: string): string => (isNew ? `declared ${what}` : `${what} not as declared`);
  const now: Statement[] = [];
  const alter = (sql: string, what: string, needs = [owner]): void =>
    void now.push(statement(sql, reason(what), { needs }));
  const alone: Statement[] = [];
  if (owner !== found.owner) {
    alter(`ALTER DATABASE ${name} OWNER TO ${ident(owner)}`, "owner", [found.owner, owner]);
    now.push(...heirFollows(ctx, found, owner));
  }
  if (!isNew && next.tablespace !== undefined && next.tablespace !== found.tablespace) {
    const sql = `ALTER DATABASE ${name} SET TABLESPACE ${ident(next.tablespace)}`;
    alone.push(statement(sql, "tablespace not as declared: its files are moved", { transactional: false }));
  }
  const allow = next.allowConnections ?? (previous?.allowConnections === undefined ? found.allowConnections : true);
  const deferred: Statement[] = [];
  if (allow !== found.allowConnections) {
    const sql = `ALTER DATABASE ${name} WITH ALLOW_CONNECTIONS ${allow ? "true" : "false"}`;
    (allow ? now : deferred).push(statement(sql, reason("allowConnections"), { needs: [owner] }));
  }
  const connlimit = next.connlimit ?? (previous?.connlimit === undefined ? found.connlimit : -1);
  if (connlimit !== found.connlimit) alter(`ALTER DATABASE ${name} WITH CONNECTION LIMIT ${connlimit}`, "connlimit");
  for (const clause of parameterChanges(previous?.parameters, next.parameters, found.parameters)) {
    alter(`ALTER DATABASE ${name} ${clause}`, "parameter");
  }
  const comment = (next.comment ?? (previous?.comment === undefined ? found.comment : null)) || null;
  if (comment !== found.comment) {
    alter(`COMMENT ON DATABASE ${name} IS ${comment === null ? "NULL" : literal(comment)}`, "comment");
  }
  now.push(...connectRights(ctx, next, found, owner));
  return { now, deferred, alone };
}

/** The database's owner is a member of the roles that own objects of dropped roles. */
function heirFollows(ctx: PlanContext, found: CatalogDatabase, owner: string): Statement[] {
  if (found.oid === undefined) return [];
  const { admin } = ctx.cluster.server;
  const reason = `${owner} owns ${found.name}`;
  return heirsIn(ctx.ownership, found.oid).flatMap((heir) => [
    ...(found.owner === admin ? [] : [statement(`REVOKE ${ident(heir)} FROM ${ident(found.owner)}`, reason)]),
    ...(owner === admin ? [] : [statement(`GRANT ${ident(heir)} TO ${ident(owner)}`, reason)]),
  ]);
}

/** CONNECT of PUBLIC, and of the admin, who would lose it with PUBLIC's unless it is a superuser. */
function connectRights(ctx: PlanContext, next: DesiredDatabase, found: CatalogDatabase, owner: string): Statement[] {
  const { server } = ctx.cluster;
  const on = `CONNECT ON DATABASE ${ident(next.name)}`;
  const revoke = next.revokeConnect ?? (next.adopt === true ? !found.publicConnect : true);
  const out: Statement[] = [];
  const by = { needs: [owner], as: asOwner(ctx, owner) };
  const own = !server.superuser && owner !== server.admin;
  // An admin that was the owner loses CONNECT when another role becomes the owner.
  const lost = owner !== found.owner || (revoke && found.publicConnect);
  if (own && (!found.adminCanConnect || lost)) {
    out.push(statement(`GRANT ${on} TO ${ident(server.admin)}`, "the admin user must get in", by));
  }
  if (revoke && found.publicConnect) {
    out.push(statement(`REVOKE ${on} FROM PUBLIC`, "only those granted it may connect", by));
  } else if (!revoke && !found.publicConnect) {
    out.push(statement(`GRANT ${on} TO PUBLIC`, "revokeConnect is false", by));
  }
  return out;
}
