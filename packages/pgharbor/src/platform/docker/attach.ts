import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { names, type ClusterPlan, type ClusterSpec, type ImageRole, type Late } from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { makeContainers, type DockerContext, type RunningContainer } from "./containers";
import { PatroniState } from "./patroni-state";
import { PrimaryPlacement } from "./primary-placement";

/** A cluster on a Docker engine. */
export interface AttachedCluster {
  context: DockerContext;
  containers: RunningContainer[];
  /** Resolves when every member is there. */
  state: PatroniState;
  /** The first member's data volume: it goes only with the cluster. */
  data: pulumi.Resource;
}

/** Makes everything of a plan on one Docker engine. */
export function attachToDocker(
  plan: ClusterPlan,
  spec: ClusterSpec,
  images: Record<ImageRole, string>,
  late: pulumi.Output<Late>,
  deletionProtection: boolean,
  opts: pulumi.CustomResourceOptions,
): AttachedCluster {
  const context: DockerContext = {
    engine: spec.docker?.host ?? "",
    network: networkName(plan, spec, opts),
    imageIds: imageIds(plan, images, opts),
    restartPolicy: spec.docker?.restartPolicy ?? "unless-stopped",
    deletionProtection,
  };
  // Nothing that runs is touched by a change that cannot be made.
  const afterIdentity = { ...opts, dependsOn: [new ClusterIdentity(plan.facts, spec, opts)] };
  const placement = new PrimaryPlacement(plan, context, afterIdentity);
  const containers = makeContainers(context, plan.containers, late, afterIdentity, placement);
  const state = new PatroniState(
    plan,
    { engine: context.engine },
    { ...opts, dependsOn: containers.map((c) => c.files) },
  );
  const data = containers.find((c) => c.planned.program === "patroni")!.data[0]!;
  return { context, containers, state, data };
}

function networkName(plan: ClusterPlan, spec: ClusterSpec, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  if (spec.docker?.network !== undefined) return pulumi.output(spec.docker.network);
  const labels = Object.entries({ ...plan.facts.labels, "pgharbor.cluster": plan.facts.name });
  return new docker.Network(
    `${plan.facts.name}-network`,
    { name: names.network(plan.facts.name), labels: labels.map(([label, value]) => ({ label, value })) },
    opts,
  ).name;
}

/** Ids, not tags: a tag may point elsewhere tomorrow, and a running primary must not be replaced for it. */
function imageIds(
  plan: ClusterPlan,
  images: Record<ImageRole, string>,
  opts: pulumi.CustomResourceOptions,
): Record<ImageRole, pulumi.Output<string>> {
  const idOf = (role: ImageRole) =>
    new docker.RemoteImage(`${plan.facts.name}-${role}-image`, { name: images[role], keepLocally: true }, opts).imageId;
  return { postgres: idOf("postgres"), gateway: idOf("gateway"), etcd: idOf("etcd") };
}
