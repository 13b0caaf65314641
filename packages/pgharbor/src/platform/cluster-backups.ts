import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../dynamic/handled-resource";
import type { RepositoryStatus } from "../dynamic/backups/repository-status";
import type { LocationArgs } from "./location-args";

/** Waits until the repositories take WAL from the primary, and knows what they hold. */
export class ClusterBackups extends HandledResource<"Backups"> {
  declare readonly repositories: pulumi.Output<Record<string, RepositoryStatus>>;

  constructor(
    cluster: string,
    args: LocationArgs & { container: string; revision: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("Backups", `${cluster}-backups`, { ...args, cluster, repositories: undefined }, opts);
  }
}
