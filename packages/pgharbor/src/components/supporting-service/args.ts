import type * as pulumi from "@pulumi/pulumi";
import type { SupportingServiceAttributes } from "@pgharbor/core";
import type { ArgNames } from "../known-args";
import type { PostgresTarget } from "../postgres-target";
import type { BoundUser } from "../service-binding";

/** Arguments of `SupportingService`. A change of any of them replaces its container, or pod, where nothing else is said, and touches no other. */
export interface SupportingServiceArgs extends SupportingServiceAttributes {
  /** A `PostgresCluster` of the same program; the service joins its network. */
  target: PostgresTarget;
  /** The `databaseName` of a `PgDatabase` on the same target. */
  database: pulumi.Input<string>;
  /** A `PgUser` of the same target. It stays yours: it is not deleted with the service. */
  connectAs: BoundUser;
  /** Further secrets for the program, each as a file: its content by its path. */
  secretFiles?: Record<string, pulumi.Input<string>>;
}

export const argNames: ArgNames<SupportingServiceArgs> = {
  target: true,
  database: true,
  connectAs: true,
  image: true,
  serviceType: true,
  version: true,
  hosts: true,
  service: true,
  targetSessionAttrs: true,
  port: true,
  kubernetes: true,
  containerPort: true,
  config: true,
  cpus: true,
  memory: true,
  env: true,
  command: true,
  healthcheck: true,
  secretFiles: true,
  user: true,
  capabilities: true,
};
