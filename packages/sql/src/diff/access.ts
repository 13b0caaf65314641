import {
  type CatalogDatabase,
  type ClusterCatalog,
  type DatabaseCatalog,
  emptyDatabaseCatalog,
} from "../catalog/types";
import { type AccessDocument, databasesOf } from "../desired/access";
import type { Explanation } from "../errors";
import type { Statement } from "../statement";
import { databasesToVisit, planCluster } from "./cluster";
import { planContext, type PlanContext, type PlanOptions } from "./context";
import { withRights } from "./rights";
import type { Ownership } from "../ownership/ownership";
import { databasesToDrop, planDropDatabase, planDropRoles, rolesToDrop } from "./drop";
import { heirName } from "../ownership/heir";
import { type Leaving, plainDeparture, planDropOwned, planReassign } from "./leave";
import { planObjects, planPrivileges } from "./inside";

/** Input of a plan. Passwords must have been replaced by verifiers (resolvePasswords). */
export interface PlanInput {
  previous?: AccessDocument;
  next: AccessDocument;
  cluster: ClusterCatalog;
  /** Catalogs of databases by name; a missing one counts as empty. */
  databases?: Record<string, DatabaseCatalog>;
  /** Databases in which dropped roles own objects or have rights. @default none */
  dependants?: (Leaving & { database: string })[];
  options?: PlanOptions;
  /** The ownership record. @default none, so that nothing is dropped */
  ownership?: Ownership;
}

/** The statements to run; none if there are problems. */
export interface AccessPlan {
  statements: Statement[];
  problems: Explanation[];
}

/** Plans all steps from the current to the declared state without a connection. applyAccess() takes the same steps. */
export function planAccess(input: PlanInput): AccessPlan {
  const { previous, next, cluster, options = {}, ownership } = input;
  const ctx = planContext({ previous, next, cluster, options, ownership });
  const plan = planCluster(ctx);
  const found = plan.databases.found;
  const statements = [
    ...withRights(ctx, plan.roles),
    ...plan.databases.create,
    ...withRights(ctx, [...plan.databases.settings, ...plan.grants]),
    ...databasesToVisit(ctx, found).flatMap((one) => planInside(ctx, one, input.databases?.[one.name])),
    ...withRights(ctx, plan.databases.deferred),
    ...planDrops(ctx, input.dependants ?? []),
  ];
  return ctx.problems.length > 0 ? { statements: [], problems: ctx.problems } : { statements, problems: [] };
}

function planInside(ctx: PlanContext, found: CatalogDatabase, catalog = emptyDatabaseCatalog()): Statement[] {
  const owner = databasesOf(ctx.next).get(found.name)?.owner ?? found.owner;
  const objects = planObjects(ctx, found.name, catalog, found);
  const privileges = planPrivileges(ctx, found.name, catalog, owner);
  return [...withRights(ctx, objects), ...withRights(ctx, privileges.first), ...withRights(ctx, privileges.rest)];
}

function planDrops(ctx: PlanContext, dependants: readonly (Leaving & { database: string })[]): Statement[] {
  const databases = databasesToDrop(ctx).flatMap((name) => {
    const { prepare, drop } = planDropDatabase(ctx, name);
    return [...withRights(ctx, prepare), drop];
  });
  const roles = rolesToDrop(ctx);
  const names = [...new Set(dependants.filter((d) => roles.includes(d.role)).map((d) => d.database))];
  const departures = names.flatMap((database) => {
    const leaving = dependants.filter((d) => d.database === database && roles.includes(d.role));
    const oids = [ctx.cluster.databases.get(database)?.oid ?? 0, leaving.find((l) => l.owns)?.oid ?? 0] as const;
    const heir = ctx.options.reassignOwnedTo ?? heirName(...oids);
    const departure = plainDeparture(database, leaving);
    return [planReassign, planDropOwned].flatMap((plan) => withRights(ctx, plan(ctx, departure, heir)));
  });
  return [...databases, ...departures, ...planDropRoles(roles)];
}
