import type * as pulumi from "@pulumi/pulumi";
import type { SupportingServiceAttributes } from "@pgharbor/core";
import type { ArgNames } from "../known-args";
import type { PostgresTarget } from "../postgres-target";
import type { BoundUser } from "../service-binding";

/** Arguments of `SupportingService`. A change replaces the service's containers or pods, unless noted, and touches no others. */
export interface SupportingServiceArgs extends SupportingServiceAttributes {
  /** A `PostgresCluster` of the same program; the service joins its network. */
  target: PostgresTarget;
  /** The `databaseName` of a `PgDatabase` on the same target. */
  database: pulumi.Input<string>;
  /** A `PgUser` of the same target. It is not deleted with the service. */
  connectAs: BoundUser;
  /** Files with further secrets for the program: contents by path. @default none */
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
