import {
  checkDatabase,
  checkSupportingService,
  type Problem,
  type SupportingServiceContext,
  type SupportingServiceSpec,
} from "@pgharbor/core";
import { internalsOf, type ClusterInternals } from "../cluster-internals";
import { userBehind } from "../declared";
import type { SupportingServiceArgs } from "../supporting-service";
import { takenPorts } from "./taken-ports";

// Names of the supporting services on each cluster.
const declared = new WeakMap<object, string[]>();
export const declareService = (target: object, name: string): void =>
  void declared.set(target, [...(declared.get(target) ?? []), name]);

/** Everything that is wrong with a supporting service. */
export function serviceProblems(name: string, args: SupportingServiceArgs, spec: SupportingServiceSpec): Problem[] {
  const its = internalsOf(args.target ?? {});
  return [
    ...(its === undefined ? [{ path: "target", message: NO_CLUSTER }] : userProblems(args, its)),
    ...databaseProblems(args.database),
    ...checkSupportingService(name, spec, contextOf(args, its)).filter(
      (p) => its !== undefined || p.path !== "service",
    ),
  ];
}

const NO_CLUSTER = "must be a PostgresCluster of this program, whose network the service joins; give the object itself";

function contextOf({ target }: SupportingServiceArgs, its: ClusterInternals | undefined): SupportingServiceContext {
  if (its === undefined) return { cluster: "", services: [], takenNames: [], takenPorts: [] };
  const { name: cluster, bindAddress } = its.plan.facts;
  return {
    cluster,
    services: [...its.plan.services, ...its.added],
    takenNames: declared.get(target) ?? [],
    takenPorts: takenPorts(target, its, bindAddress),
  };
}

function userProblems({ target, connectAs }: SupportingServiceArgs, its: ClusterInternals): Problem[] {
  const path = "connectAs";
  const user = userBehind(connectAs);
  if (user === undefined)
    return [{ path, message: "must be a declared user, a PgUser of the same cluster; give the object itself" }];
  if (user.target === target) return [];
  const { name: cluster } = its.plan.facts;
  const where = internalsOf(user.target)?.plan.facts.name ?? "another server";
  return [
    {
      path,
      message: `must be a user of ${JSON.stringify(cluster)}, got ${JSON.stringify(user.username)} of ${JSON.stringify(where)}; declare the user on ${JSON.stringify(cluster)}`,
    },
  ];
}

/** Only a name that is known now can be checked now. */
function databaseProblems(database: unknown): Problem[] {
  const path = "database";
  if (database === undefined)
    return [{ path, message: "is missing; give the databaseName of a PgDatabase on the same cluster" }];
  if (typeof database === "object") return [];
  return checkDatabase({ name: database as string }).map(({ message }) => ({ path, message }));
}
