import { ports, type ResolvedService, type Problem } from "@pgharbor/core";
import { internalsOf } from "../program/cluster-internals";
import type { PostgresTarget } from "./postgres-target";

/** True if pgharbor's SQL can use the service: it connects directly to the primary, so a session is not shared. */
export const isDirectToPrimary = (service: ResolvedService): boolean =>
  service.followsPrimary && service.pool === undefined && service.memberPort === ports.postgres;

/** Problems of a target, such as a missing one. */
export function targetProblems(target: PostgresTarget | undefined): Problem[] {
  if (target?.adminConnection === undefined) {
    return [{ path: "target", message: "must be a PostgresCluster or an ExternalPostgres; give the object itself" }];
  }
  const services = internalsOf(target)?.plan.model.services;
  if (services === undefined || services.some(isDirectToPrimary)) return [];
  const names = services.map((s) => s.name).join(", ");
  const message = `has no direct service of the primary, which pgharbor's SQL needs, got ${names}; keep the service default`;
  return [{ path: "target", message }];
}
