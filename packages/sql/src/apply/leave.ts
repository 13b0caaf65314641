import { first, required } from "@pgharbor/core";
import type { Client } from "pg";
import { type Dependant, readCluster, readDependants, withRoles } from "../catalog/cluster";
import { readSharedObjectsOf } from "../catalog/leaving";
import { clusterNames } from "../catalog/names";
import type { ClusterCatalog } from "../catalog/types";
import type { PlanContext } from "../diff/context";
import { planDropRoles } from "../diff/drop";
import { type Departure, type Leaving, planDropOwned, planReassign, planSharedHeirs } from "../diff/leave";
import { ExplainedError } from "../errors";
import { recordOf } from "../ownership/ownership";
import { claimObjects, releaseObjects } from "../ownership/store";
import { printable } from "../printable";
import { ident, literal } from "../quote";
import { statement } from "../statement";
import { maintenanceDatabase } from "./connect";
import { ensureConnect } from "./ensure-connect";
import { readDeparture, type SeenDeparture, superuserProblems } from "./departure";
import { handOverInPortions } from "./hand-over";
import type { AdminSession } from "./session";
import { takeBackRights } from "./take-back";
import type { Transaction } from "./transaction";

/**
 * Drops roles. PostgreSQL refuses this while a role owns objects or has rights in any database. The objects go to a
 * role without rights, one for each database. They go neither to the admin nor to another user, because functions of
 * the leaving role would then run with that user's rights. Everything is read and checked before the first change.
 */
export async function dropRoles(
  session: AdminSession,
  outer: PlanContext,
  roles: readonly string[],
  transaction: Transaction,
): Promise<void> {
  refuseAdmin(outer, roles);
  const byDatabase = await readDependentDatabases(session, roles);
  const before = { ...outer, cluster: await readHolders(session, outer, roles, byDatabase) };
  const departures: SeenDeparture[] = [];
  for (const [name, leaving] of byDatabase) {
    const database = before.cluster.databases.get(name);
    if (!database) continue;
    const why = "a role to be dropped has objects or rights in a database that takes no connections";
    await ensureConnect(session, before, database, why, transaction);
    await session.inDatabase(name, async (client) => {
      for (const group of departing(leaving)) departures.push(await readDeparture(before, client, database, group));
    });
  }
  const problems = departures.flatMap((d) => [...d.problems, ...superuserProblems(before, d)]);
  if (problems.length > 0) throw new ExplainedError(problems);

  const acting = departures.flatMap((d) => [
    d.heir,
    ...d.leftovers.schemas.map((schema) => schema.owner),
    ...d.policyOwners,
  ]);
  const ctx = { ...outer, cluster: await withRoles(session.client, before.cluster, acting) };
  const shared = await readSharedObjectsOf(session.client, roles);
  await transaction(ctx, session.client, planSharedHeirs(ctx, shared));
  for (const departure of departures) await leaveDatabase(session, ctx, departure, transaction);
  const { declaration } = required(ctx.ownership, "the record of ownership");
  await transaction(ctx, session.client, planDropRoles(roles), () =>
    releaseObjects(session.client, declaration, "role", roles),
  );
}

/** Roles that own something leave one at a time, so that each has a separate heir. */
function departing(leaving: readonly Leaving[]): Leaving[][] {
  const others = leaving.filter((l) => !l.owns);
  return [...leaving.filter((l) => l.owns).map((l) => [l]), ...(others.length > 0 ? [others] : [])];
}

function refuseAdmin({ cluster: { server } }: PlanContext, roles: readonly string[]): void {
  if (!roles.includes(server.admin)) return;
  const fix = "declare it again, or use another admin user";
  const problem = "the admin user cannot drop itself";
  throw new ExplainedError({ path: `users.${server.admin}`, problem, value: server.admin, fix });
}

/** Reads the roles' databases from PostgreSQL's dependency records. */
async function readDependentDatabases(
  session: AdminSession,
  roles: readonly string[],
): Promise<Map<string, Leaving[]>> {
  const byDatabase = new Map<string, Map<string, Leaving>>();
  for (const d of await readDependants(session.client, roles))
    merge(byDatabase, d, maintenanceDatabase(session.target));
  return new Map([...byDatabase].map(([database, of]) => [database, [...of.values()]]));
}

/** Reads the databases, the leaving roles, and the owners of objects on which they have rights. */
async function readHolders(
  session: AdminSession,
  ctx: PlanContext,
  roles: readonly string[],
  byDatabase: ReadonlyMap<string, Leaving[]>,
): Promise<ClusterCatalog> {
  const grantors = [...byDatabase.values()].flatMap((leaving) => leaving.flatMap((l) => l.grantors));
  return readCluster(session.client, {
    ...clusterNames([ctx.next]),
    roles: [...roles, ...grantors],
    databases: [...byDatabase.keys()],
  });
}

function merge(all: Map<string, Map<string, Leaving>>, d: Dependant, maintenance: string): void {
  // Shared objects can be handled in any database.
  const database = d.database ?? maintenance;
  const of = all.get(database) ?? new Map<string, Leaving>();
  const { owns = false, grantors = [] } = of.get(d.role) ?? {};
  const ownsHere = d.owns && d.database !== null;
  of.set(d.role, { role: d.role, oid: d.oid, owns: owns || ownsHere, grantors: [...grantors, ...d.grantors] });
  all.set(database, of);
}

async function leaveDatabase(
  session: AdminSession,
  ctx: PlanContext,
  departure: SeenDeparture,
  transaction: Transaction,
): Promise<void> {
  const { database, leaving, heir, code } = departure;
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  if (owners.length > 0 && ctx.options.reassignOwnedTo === undefined)
    await makeHeir(session, ctx, departure, transaction);
  await session.inDatabase(database, async (client) => {
    await handOverInPortions(session, ctx, client, departure, transaction);
    await transaction(ctx, client, planReassign(ctx, departure, heir));
    await takeBackRights(session, ctx, client, departure, transaction);
    await transaction(ctx, client, planDropOwned(ctx, departure, heir), () => refuseDropped(client, departure));
  });
  if (owners.length === 0) return;
  session.progress(
    `${owners.join(", ")} leaves database ${database}: what was owned there belongs to role ${heir} now`,
  );
  for (const line of code) session.progress(`  with code that ${owners.join(", ")} left: ${printable(line)}`);
}

/**
 * DROP OWNED also drops objects, and members of a leaving role may have created some as that role since REASSIGN OWNED.
 * Then the transaction is rolled back, and everything is read again. Locks show dropped objects: a lock on a relation
 * that is gone, or on any object of a kind that another role can own.
 */
async function refuseDropped(client: Client, { leaving }: Departure): Promise<void> {
  const { rows } = await client.query(
    `select from pg_catalog.pg_locks l where l.pid = pg_catalog.pg_backend_pid() and l.mode = 'AccessExclusiveLock' and (
      (l.locktype = 'relation' and not exists (select from pg_catalog.pg_class c where c.oid = l.relation))
      or (l.locktype = 'object' and l.classid not in (
        'pg_catalog.pg_default_acl'::pg_catalog.regclass, 'pg_catalog.pg_user_mapping'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,
        'pg_catalog.pg_auth_members'::pg_catalog.regclass)))
    limit 1`,
  );
  if (rows.length === 0) return;
  const roles = leaving.map((l) => l.role).join(", ");
  const message = `members of ${roles}, which is to be dropped, create objects in its name: end their sessions`;
  throw Object.assign(new Error(message), { code: "40001" });
}

/**
 * The database's owner becomes a member, so that the owner loses nothing. The heir has no rights, so its code has none.
 */
async function makeHeir(
  session: AdminSession,
  ctx: PlanContext,
  { database, heir }: SeenDeparture,
  transaction: Transaction,
): Promise<void> {
  const { server, roles } = ctx.cluster;
  if (roles.has(heir)) {
    if (recordOf(ctx.ownership, "heir", heir) !== undefined) return;
    const problem = "a role with the name of the one that keeps what dropped roles owned exists already";
    const fix = "find out who made it, and rename it";
    throw new ExplainedError({ path: `databases.${database}`, problem, value: heir, fix });
  }
  const owner = await currentOwner(session.client, database);
  const reason = `keeps what dropped roles owned in ${database}`;
  const comment = `keeps what dropped roles owned in database ${database}; has no rights`;
  const statements = [
    statement(`CREATE ROLE ${ident(heir)} NOLOGIN NOINHERIT`, reason),
    statement(`COMMENT ON ROLE ${ident(heir)} IS ${literal(comment)}`, reason),
    ...(owner === server.admin || roles.get(owner)?.superuser === true
      ? []
      : [statement(`GRANT ${ident(heir)} TO ${ident(owner)}`, `${owner} owns ${database}`)]),
  ];
  await transaction(ctx, session.client, statements, () =>
    claimObjects(session.client, required(ctx.ownership, "the record of ownership").declaration, [
      { kind: "heir", name: heir, adopted: false },
    ]),
  );
}

/** The owner may have just changed. */
async function currentOwner(client: Client, database: string): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    "select pg_catalog.pg_get_userbyid(datdba)::text as owner from pg_catalog.pg_database where datname = $1",
    [database],
  );
  return first(rows).owner;
}
