import { worksInside } from "../catalog/names";
import { databaseNamesOf, databasesOf } from "../desired/access";
import type { CatalogDatabase } from "../catalog/types";
import type { Statement } from "../statement";
import { isLeaving, type PlanContext } from "./context";
import { contradictions, isConnectOfDatabase } from "./contradictions";
import { type DatabasePlan, isBaselineDue, planDatabases } from "./database";
import { databasesToDrop } from "./drop";
import { asDocument, checkGrantees, entries } from "./entries";
import { type Grantor, grantStatements } from "./grant-statements";
import { keptLines } from "./kept-privileges";
import { planMemberships } from "./membership";
import { afterNewOwners } from "./new-owner";
import type { PrivilegeAtom } from "./privilege-atoms";
import { atomMap, grantAtoms, privilegeChanges, unclaimed } from "./privileges";
import { planParametersIn } from "./parameters-in";
import { asOwner } from "./rights";
import { planRoles } from "./role";

export interface ClusterPlan {
  roles: Statement[];
  databases: DatabasePlan;
  grants: Statement[];
}

const SHARED = ["database", "tablespace", "parameter"];

/** Statements for shared objects. */
export function planCluster(ctx: PlanContext): ClusterPlan {
  checkGrantees(ctx);
  ctx.problems.push(...contradictions(ctx));
  const own = planRoles(ctx);
  // Passwords together, so that logging is reduced once for all of them.
  const roles = [...own.filter((s) => !s.sensitive), ...own.filter((s) => s.sensitive), ...planMemberships(ctx)];
  const databases = planDatabases(ctx);
  return {
    roles,
    databases,
    grants: [...planParametersIn(ctx, databases.found), ...planSharedGrants(ctx, databases.found)],
  };
}

function planSharedGrants(ctx: PlanContext, databases: Map<string, CatalogDatabase>): Statement[] {
  const { cluster } = ctx;
  const atoms = (doc: PlanContext["previous"], report: boolean): PrivilegeAtom[] =>
    entries(doc?.grants)
      .filter(([, g]) => SHARED.includes(g.on))
      .flatMap(([label, g]) => {
        const path = `grants.${label}`;
        const missing =
          (g.on === "database" && !databases.has(g.database ?? "")) ||
          (g.on === "tablespace" && !cluster.tablespaces.has(g.name ?? ""));
        if (missing && report) {
          const value = JSON.stringify(g.on === "database" ? g.database : g.name);
          ctx.problems.push({
            path,
            problem: `the ${g.on} does not exist`,
            value,
            fix: "declare it, or create it before",
          });
        }
        if (missing) return [];
        const found = grantAtoms(path, g, [], cluster.server.version, report ? ctx.problems : []);
        return found.filter((a) => !isConnectOfDatabase(ctx, doc, a));
      });
  // DROP ROLE removes the rights of a dropped role.
  const previous = unclaimed(
    atomMap(atoms(ctx.previous, false).filter((a) => !isLeaving(ctx, a.grantee))),
    atomMap(atoms(asDocument(ctx.ownership?.others), false)),
  );
  const declared = databasesOf(ctx.next);
  const owners = [...cluster.databases.values()].map(({ name, owner }) => ({
    database: name,
    from: owner,
    to: declared.get(name)?.owner ?? owner,
  }));
  const found = afterNewOwners(cluster.privileges, owners);
  const changes = privilegeChanges(previous, atomMap(atoms(ctx.next, true)), found);
  ctx.notes.push(...keptLines(changes));
  const grantor = (a: PrivilegeAtom): Grantor | undefined => {
    const owner = a.kind === "database" ? (declared.get(a.name)?.owner ?? databases.get(a.name)?.owner) : undefined;
    return owner === undefined ? undefined : { needs: [owner], as: asOwner(ctx, owner) };
  };
  return grantStatements({ find: () => undefined, grantor }, changes);
}

/** Databases named in the documents that may need changes inside, apart from drops. */
export function databasesToVisit(ctx: PlanContext, found: ReadonlyMap<string, CatalogDatabase>): CatalogDatabase[] {
  const docs = [ctx.previous, ctx.next];
  const dropped = new Set(databasesToDrop(ctx));
  const declared = databasesOf(ctx.next);
  const isUnfinished = (name: string): boolean => {
    const database = declared.get(name);
    return database !== undefined && isBaselineDue(ctx, database);
  };
  const names = [...new Set(docs.flatMap(databaseNamesOf))].sort();
  return names
    .filter((name) => !dropped.has(name) && (isUnfinished(name) || worksInside(name, docs)))
    .flatMap((name) => found.get(name) ?? []);
}
