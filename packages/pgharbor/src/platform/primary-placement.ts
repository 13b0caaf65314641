import type * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { LocationArgs } from "./location-args";

export type PlacementProps = LocationArgs & {
  /** Electable members, in rollout order: Patroni's name, and the container for commands. */
  members: { name: string; container: string }[];
  /** The fields of the members' containers whose change replaces them. */
  memberTemplate: Record<string, pulumi.Input<unknown>>;
};

/**
 * Moves the primary to the member that is replaced last, before a change replaces members. If they get less memory, it first writes a
 * configuration that fits. Creation does nothing.
 */
export class PrimaryPlacement extends HandledResource<"PrimaryPlacement"> {
  constructor(plan: ClusterPlan, props: PlacementProps, opts: pulumi.CustomResourceOptions) {
    const { name, resources } = plan.model;
    const inputs = { ...props, cluster: name, memory: resources.memory, config: plan.dynamicConfig };
    super("PrimaryPlacement", `${name}-primary-placement`, inputs, opts);
  }
}
