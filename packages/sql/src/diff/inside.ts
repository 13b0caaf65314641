import type { CatalogObject, DatabaseCatalog } from "../catalog/types";
import { databasesOf } from "../desired/access";
import type { DesiredDatabase } from "../desired/database";
import { ident, literal } from "../quote";
import { type Statement, statement } from "../statement";
import { isLeaving, type PlanContext } from "./context";
import { asDocument, entries } from "./entries";
import {
  defaultPrivilegeStatements,
  type Grantor,
  type GrantScope,
  grantSteps,
  type GrantSteps,
} from "./grant-statements";
import type { AtomMap, PrivilegeAtom } from "./privilege-atoms";
import { asOwner } from "./rights";
import { keptLines } from "./kept-privileges";
import { atomMap, defaultPrivilegeAtoms, grantAtoms, privilegeChanges, unclaimed } from "./privileges";

/** Schemas and extensions of one database. `owner` is the database's. */
export function planObjects(
  ctx: PlanContext,
  database: string,
  catalog: DatabaseCatalog,
  found: { owner: string },
): Statement[] {
  const next = databasesOf(ctx.next).get(database);
  if (!next) return [];
  const owner = next.owner ?? found.owner;
  const statements = [...planSchemas(next, catalog, owner), ...planExtensions(next, catalog, owner)];
  return statements.map((s) => ({ ...s, database }));
}

function planSchemas(next: DesiredDatabase, catalog: DatabaseCatalog, databaseOwner: string): Statement[] {
  return (next.schemas ?? []).flatMap((schema) => {
    const found = catalog.schemas.get(schema.name);
    const owner = schema.owner ?? databaseOwner;
    const needs = [databaseOwner, owner];
    if (!found) {
      const sql = `CREATE SCHEMA ${ident(schema.name)} AUTHORIZATION ${ident(owner)}`;
      return [statement(sql, `schema ${schema.name} does not exist`, { needs })];
    }
    if (schema.owner === undefined || found.owner === owner) return [];
    const sql = `ALTER SCHEMA ${ident(schema.name)} OWNER TO ${ident(owner)}`;
    return [statement(sql, "owner not as declared", { needs: [...needs, actualOwner(found.owner, databaseOwner)] })];
  });
}

function planExtensions(next: DesiredDatabase, catalog: DatabaseCatalog, owner: string): Statement[] {
  return (next.extensions ?? []).flatMap((extension) => {
    const name = ident(extension.name);
    const found = catalog.extensions.get(extension.name);
    if (!found) {
      const schema = extension.schema === undefined ? "" : ` SCHEMA ${ident(extension.schema)}`;
      const version = extension.version === undefined ? "" : ` VERSION ${literal(extension.version)}`;
      const reason = `extension ${extension.name} is not there`;
      // CASCADE also creates required extensions.
      const create = statement(`CREATE EXTENSION ${name}${schema}${version} CASCADE`, reason, { needs: [owner] });
      return extension.schema === undefined ? inDefaultSchema(create) : [create];
    }
    const out: Statement[] = [];
    if (extension.schema !== undefined && extension.schema !== found.schema) {
      out.push(
        statement(`ALTER EXTENSION ${name} SET SCHEMA ${ident(extension.schema)}`, "schema not as declared", {
          needs: [owner],
        }),
      );
    }
    if (extension.version !== undefined && extension.version !== found.version) {
      out.push(
        statement(`ALTER EXTENSION ${name} UPDATE TO ${literal(extension.version)}`, "version not as declared", {
          needs: [owner],
        }),
      );
    }
    return out;
  });
}

/** An extension either requires a schema, which a SCHEMA clause would contradict, or uses the first one of the search path. */
const inDefaultSchema = (create: Statement): Statement[] => [
  statement("SET LOCAL search_path TO public", "an extension without a schema goes to public"),
  create,
  statement("SET LOCAL search_path TO ''", "the admin's own names are complete"),
];

/** pg_database_owner is an alias of the database's owner and cannot be granted. */
export const actualOwner = (owner: string, databaseOwner: string): string =>
  owner === "pg_database_owner" ? databaseOwner : owner;

/** Grants and default privileges in one database. `catalog` must have been read after the statements of planObjects() ran. */
export function planPrivileges(
  ctx: PlanContext,
  database: string,
  catalog: DatabaseCatalog,
  databaseOwner: string,
): GrantSteps {
  const byKey = new Map(catalog.objects.map((o) => [JSON.stringify([o.kind, o.schema, o.name]), o]));
  const find = (kind: string, schema: string, name: string): CatalogObject | undefined =>
    byKey.get(JSON.stringify([kind, schema, name]));
  const scope: GrantScope = {
    database,
    find,
    grantor: (a) => grantorOf(ctx, find(a.kind, a.schema, a.name), databaseOwner),
  };
  const atomsOf = (doc: PlanContext["previous"]) => objectAtoms(ctx, doc, database, catalog, find);
  const defaultsOf = (doc: PlanContext["previous"]) => defaultAtoms(ctx, doc, database);
  const others = ctx.ownership?.others;
  const before = unclaimed(atomsOf(ctx.previous), atomsOf(asDocument(others)));
  const defaultsBefore = unclaimed(defaultsOf(ctx.previous), defaultsOf(asDocument(others)));
  const [wanted, defaultsWanted] = [atomsOf(ctx.next), defaultsOf(ctx.next)];
  const changes = privilegeChanges(before, wanted, catalog.privileges);
  ctx.notes.push(...keptLines(changes, database));
  const { first, rest } = grantSteps(scope, changes);
  const defaults = defaultPrivilegeStatements(
    { ...scope, grantor: (a) => ({ needs: [a.name] }) },
    privilegeChanges(defaultsBefore, defaultsWanted, catalog.defaultPrivileges),
  );
  return { first, rest: [...rest, ...defaults] };
}

/** An object's owner grants, also for an admin that is a member of other roles. A superuser's grants are the owner's without more. */
function grantorOf(ctx: PlanContext, object: CatalogObject | undefined, databaseOwner: string): Grantor {
  const { owner = databaseOwner, hiddenBy = [] } = object ?? {};
  const as = asOwner(ctx, owner);
  const isSuperuser = (role: string): boolean => ctx.cluster.roles.get(role)?.superuser === true;
  const ownersOf = (roles: readonly string[]): string[] =>
    roles.filter((role) => !isSuperuser(role)).map((role) => actualOwner(role, databaseOwner));
  const schemaOwners = hiddenBy.map(({ schemaOwner }) => schemaOwner);
  // Nobody may act for a superuser: then the admin grants with what it may itself.
  if (as === undefined || [owner, ...schemaOwners].some(isSuperuser))
    return { needs: ownersOf([owner, ...schemaOwners]) };
  const usages = hiddenBy.map(({ schema, schemaOwner }) => ({
    schema,
    by: schemaOwner,
    needs: ownersOf([schemaOwner]),
  }));
  return { needs: ownersOf([owner]), as, usages };
}

/** DROP ROLE removes the rights of a dropped role. */
function isKept(ctx: PlanContext, doc: PlanContext["previous"]): (a: PrivilegeAtom) => boolean {
  return (a) => doc === ctx.next || !(isLeaving(ctx, a.grantee) || isLeaving(ctx, a.name));
}

function objectAtoms(
  ctx: PlanContext,
  doc: PlanContext["previous"],
  database: string,
  catalog: DatabaseCatalog,
  find: GrantScope["find"],
): AtomMap {
  const problems = doc === ctx.next ? ctx.problems : [];
  const atoms = entries(doc?.grants)
    .filter(([, g]) => g.database === database && g.on !== "database")
    .flatMap(([label, g]) => {
      const path = `grants.${label}`;
      return grantAtoms(path, g, catalog.objects, ctx.cluster.server.version, problems).filter((a) => {
        if (find(a.kind, a.schema, a.name)) return true;
        const value = a.schema === "" ? a.name : `${a.schema}.${a.name}`;
        const fix =
          a.kind === "schema"
            ? "declare it in the schemas of the database; if it is declared there, somebody dropped it: run pulumi up --refresh"
            : "create it first (baselineSql, a migration), or grant it by defaultPrivileges, or on all objects of the schema";
        if (!problems.some((p) => p.path === path)) {
          problems.push({ path, problem: `there is no such ${a.kind} in database ${database}`, value, fix });
        }
        return false;
      });
    });
  return atomMap(atoms.filter(isKept(ctx, doc)));
}

function defaultAtoms(ctx: PlanContext, doc: PlanContext["previous"], database: string): AtomMap {
  const problems = doc === ctx.next ? ctx.problems : [];
  const atoms = entries(doc?.defaultPrivileges)
    .filter(([, p]) => p.database === database)
    .flatMap(([label, p]) =>
      defaultPrivilegeAtoms(`defaultPrivileges.${label}`, p, ctx.cluster.server.version, problems),
    );
  return atomMap(atoms.filter(isKept(ctx, doc)));
}
