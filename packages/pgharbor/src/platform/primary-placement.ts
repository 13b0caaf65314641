import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { LocationArgs } from "./location-args";

export type PlacementProps = LocationArgs & {
  /** The members that may lead, in the order they are replaced in: as Patroni knows them, and where a command runs. */
  members: { name: string; container: string }[];
  /** What the members' containers are made of: a change of it replaces them. */
  madeOf: Record<string, pulumi.Input<unknown>>;
};

/**
 * Moves the primary to the member that is replaced last, before a change replaces members, and lets them start with what goes
 * with less memory. On create it does nothing.
 */
export class PrimaryPlacement extends HandledResource<"PrimaryPlacement"> {
  constructor(plan: ClusterPlan, props: PlacementProps, opts: pulumi.CustomResourceOptions) {
    const { name, resources } = plan.model;
    const inputs = { ...props, cluster: name, memory: resources.memory, config: plan.dynamicConfig };
    super("PrimaryPlacement", `${name}-primary-placement`, inputs, opts);
  }
}
