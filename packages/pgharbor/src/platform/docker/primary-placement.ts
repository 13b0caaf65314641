import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import type { DockerContext } from "./containers";

/** Moves the primary to the member that is replaced last, before a change replaces members. On create it does nothing. */
export class PrimaryPlacement extends HandledResource {
  constructor(plan: ClusterPlan, context: DockerContext, opts: pulumi.CustomResourceOptions) {
    const member = plan.containers.find((container) => container.program === "patroni");
    super(
      "PrimaryPlacement",
      `${plan.facts.name}-primary-placement`,
      {
        engine: context.engine,
        cluster: plan.facts.name,
        members: plan.facts.members.filter((m) => m.electable).map((m) => ({ name: m.name, container: m.hostname })),
        // Memory alone changes a running container; the shared memory that follows from it does not.
        madeOf: {
          image: context.imageIds.postgres,
          network: context.network,
          cpus: member?.cpus,
          shmSize: member?.shmSize,
          labels: plan.facts.labels,
        },
      },
      opts,
    );
  }
}
