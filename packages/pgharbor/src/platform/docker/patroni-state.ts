import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";

/**
 * That all members of a cluster are there, and Patroni's dynamic configuration. A parameter that PostgreSQL takes at
 * start only restarts replicas one at a time, moves the primary, and restarts the old one.
 */
export class PatroniState extends HandledResource {
  constructor(plan: ClusterPlan, args: { engine: string }, opts: pulumi.CustomResourceOptions) {
    super(
      "Patroni",
      `${plan.facts.name}-patroni`,
      {
        engine: args.engine,
        cluster: plan.facts.name,
        members: plan.facts.members.map((m) => m.hostname),
        config: plan.dynamicConfig,
      },
      opts,
    );
  }
}
