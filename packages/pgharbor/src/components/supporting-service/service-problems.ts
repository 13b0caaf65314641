import {
  checkDatabase,
  checkSupportingService,
  type Problem,
  type SupportingServiceContext,
  type SupportingServiceSpec,
} from "@pgharbor/core";
import { internalsOf, type ClusterInternals } from "../../program/cluster-internals";
import { userBehind } from "../../program/declared";
import { entryOf, type DeclaredService } from "../../program/registry";
import type { SupportingServiceArgs } from "./args";
import { takenPorts } from "./taken-ports";

export const declareService = (target: object, service: DeclaredService): void =>
  void entryOf(target).services.push(service);

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
  const { name: cluster, bindAddress, platform } = its.plan.model;
  const services = [...its.plan.model.services, ...its.added];
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
    // On Kubernetes each has a Service of its own.
    takenPorts: platform === "docker" ? takenPorts(target, its, bindAddress) : [],
    takenNodePorts: nodePorts.flatMap(({ port, by }) => (port === undefined ? [] : [{ port, by }])),
    annotations: its.plan.model.annotations,
  };
}

function userProblems({ target, connectAs }: SupportingServiceArgs, its: ClusterInternals): Problem[] {
  const path = "connectAs";
  const user = userBehind(connectAs);
  if (user === undefined)
    return [{ path, message: "must be a declared user, a PgUser of the same cluster; give the object itself" }];
  if (user.target === target) return [];
  const { name: cluster } = its.plan.model;
  const where = internalsOf(user.target)?.plan.model.name ?? "another server";
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
