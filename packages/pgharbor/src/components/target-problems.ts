import { ports, type ResolvedService, type Problem } from "@pgharbor/core";
import { internalsOf } from "../program/cluster-internals";
import type { PostgresTarget } from "./postgres-target";

/** Whether SQL that changes roles can go this way: to the primary itself, with a session of its own. */
export const isDirectToPrimary = (service: ResolvedService): boolean =>
  service.followsPrimary && service.pool === undefined && service.memberPort === ports.postgres;

/** A target given as nothing, or as something else, is the commonest mistake of all. */
export function targetProblems(target: PostgresTarget | undefined): Problem[] {
  if (target?.adminConnection === undefined) {
    return [{ path: "target", message: "must be a PostgresCluster or an ExternalPostgres; give the object itself" }];
  }
  const services = internalsOf(target)?.plan.model.services;
  if (services === undefined || services.some(isDirectToPrimary)) return [];
  const names = services.map((s) => s.name).join(", ");
  const message = `has no direct service of the primary, which users and databases are made through, got ${names}; keep the service default`;
  return [{ path: "target", message }];
}
