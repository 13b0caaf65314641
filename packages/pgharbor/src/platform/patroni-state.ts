import type * as pulumi from "@pulumi/pulumi";
import type { ClusterModel, ClusterPlan } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { LocationArgs } from "./location-args";

/**
 * That all members of a cluster are there, and Patroni's dynamic configuration. A parameter that PostgreSQL takes at
 * start only restarts replicas one at a time, moves the primary, and restarts the old one.
 */
export class PatroniState extends HandledResource<"Patroni"> {
  constructor(
    model: ClusterModel,
    config: ClusterPlan["dynamicConfig"],
    members: string[],
    location: LocationArgs & { acceptDataLoss?: string },
    opts: pulumi.CustomResourceOptions,
  ) {
    super("Patroni", `${model.name}-patroni`, { ...location, cluster: model.name, members, config }, opts);
  }
}
