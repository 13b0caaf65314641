import type * as pulumi from "@pulumi/pulumi";
import type { ClusterModel, ClusterPlan, RestoreSpec } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { LocationArgs } from "./location-args";

/**
 * Waits for all members and writes Patroni's dynamic configuration. For a parameter that requires a restart it restarts the replicas one
 * at a time, moves the primary, and restarts the old one.
 */
export class PatroniState extends HandledResource<"Patroni"> {
  constructor(
    model: ClusterModel,
    config: ClusterPlan["dynamicConfig"],
    members: string[],
    location: LocationArgs & { acceptDataLoss?: string; restore?: RestoreSpec },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("Patroni", `${model.name}-patroni`, { ...location, cluster: model.name, members, config }, opts);
  }
}
