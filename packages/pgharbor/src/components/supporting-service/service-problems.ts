import {
  checkDatabase,
  checkSupportingService,
  type Problem,
  type SupportingServiceContext,
  type SupportingServiceSpec,
} from "@pgharbor/core";
import { internalsOf, type ClusterInternals } from "../../program/cluster-internals";
import { declaredUserOf } from "../../program/declared";
import { entryOf, type DeclaredService } from "../../program/registry";
import type { SupportingServiceArgs } from "./args";
import { takenPorts } from "./taken-ports";

export const declareService = (target: object, service: DeclaredService): void =>
  void entryOf(target).services.push(service);

/** All problems of a supporting service. */
export function serviceProblems(name: string, args: SupportingServiceArgs, spec: SupportingServiceSpec): Problem[] {
  const internals = internalsOf(args.target ?? {});
  return [
    ...(internals === undefined ? [{ path: "target", message: NO_CLUSTER }] : userProblems(args, internals)),
    ...databaseProblems(args.database),
    ...checkSupportingService(name, spec, contextOf(args, internals)).filter(
      (p) => internals !== undefined || p.path !== "service",
    ),
  ];
}

const NO_CLUSTER = "must be a PostgresCluster of this program, whose network the service joins; give the object itself";

function contextOf(
  { target }: SupportingServiceArgs,
  internals: ClusterInternals | undefined,
): SupportingServiceContext {
  if (internals === undefined) return { cluster: "", services: [], takenNames: [], takenPorts: [] };
  const { name: cluster, bindAddress, platform } = internals.plan.model;
  const services = [...internals.plan.model.services, ...internals.addedServices];
  const others = entryOf(target).services;
  const nodePorts = [
    ...services.map((s) => ({ port: s.kubernetes?.nodePort, by: `the service ${s.name} of ${cluster}` })),
    ...others.map((s) => ({ port: s.nodePort, by: `SupportingService ${JSON.stringify(s.name)}` })),
  ];
  return {
    cluster,
    services,
    platform,
    takenNames: others.map(({ name }) => name),
    // On Kubernetes each supporting service has a separate Service.
    takenPorts: platform === "docker" ? takenPorts(target, internals, bindAddress) : [],
    takenNodePorts: nodePorts.flatMap(({ port, by }) => (port === undefined ? [] : [{ port, by }])),
    annotations: internals.plan.model.annotations,
  };
}

function userProblems({ target, connectAs }: SupportingServiceArgs, { plan }: ClusterInternals): Problem[] {
  const path = "connectAs";
  const user = declaredUserOf(connectAs);
  if (user === undefined)
    return [{ path, message: "must be a declared user, a PgUser of the same cluster; give the object itself" }];
  if (user.target === target) return [];
  const { name: cluster } = plan.model;
  const where = internalsOf(user.target)?.plan.model.name ?? "another server";
  return [
    {
      path,
      message: `must be a user of ${JSON.stringify(cluster)}, got ${JSON.stringify(user.username)} of ${JSON.stringify(where)}; declare the user on ${JSON.stringify(cluster)}`,
    },
  ];
}

/** An output is not known yet, so only a plain name is checked. */
function databaseProblems(database: unknown): Problem[] {
  const path = "database";
  if (database === undefined)
    return [{ path, message: "is missing; give the databaseName of a PgDatabase on the same cluster" }];
  if (typeof database === "object") return [];
  return checkDatabase({ name: database as string }).map(({ message }) => ({ path, message }));
}
