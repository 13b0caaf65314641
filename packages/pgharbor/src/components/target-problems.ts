import type { Problem } from "@pgharbor/core";
import type { PostgresTarget } from "./postgres-target";

/** A target given as nothing, or as something else, is the commonest mistake of all. */
export function targetProblems(target: PostgresTarget | undefined): Problem[] {
  if (target?.adminConnection !== undefined) return [];
  return [{ path: "target", message: "must be a PostgresCluster or an ExternalPostgres; give the object itself" }];
}
