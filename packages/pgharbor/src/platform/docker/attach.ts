import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  ports,
  type ClusterPlan,
  type ClusterSpec,
  type ImageRole,
  type PlannedService,
  type ServicePlan,
} from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, AttachedCluster, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import type { AdminRoute } from "../sql/admin-connection";
import { ClusterMarker } from "./cluster-marker";
import { makeContainers, type DockerContext } from "./containers";
import { endpointOf, endpointsOf, internalHost, internalPort } from "./endpoints";
import { createNetworks } from "./networks";
import { makeServiceContainer } from "./service-container";
import type { LateOutputs } from "../late";
import { StoreReady } from "./store-ready";

/** What a cluster on Docker is asked for, besides its plan. */
export interface DockerArgs {
  plan: ClusterPlan;
  spec: ClusterSpec;
  images: Images;
  deletionProtection: boolean;
}

export const openDocker = (args: DockerArgs, opts: pulumi.CustomResourceOptions): Platform => ({
  attach: (late) => attach(args, late, opts),
});

/** Makes everything of a plan on one Docker engine. */
function attach(
  { plan, spec, images, deletionProtection }: DockerArgs,
  late: LateOutputs,
  opts: pulumi.CustomResourceOptions,
): AttachedCluster {
  const { facts } = plan;
  const engine = spec.docker?.host ?? "";
  const marker = new ClusterMarker(facts.name, engine, opts);
  const context: DockerContext = {
    engine,
    cluster: facts.name,
    marker,
    networks: createNetworks(plan, spec, marker, opts),
    imageIds: imageIds(plan, images, opts),
    restartPolicy: spec.docker?.restartPolicy ?? "unless-stopped",
    deletionProtection,
    acceptDataLoss: spec.acceptDataLoss,
  };
  // Nothing that runs is touched by a change that cannot be made.
  const afterIdentity = { ...opts, dependsOn: [new ClusterIdentity(facts, spec, {}, opts)] };
  const containers = makeContainers(context, facts.name, plan.containers, late, afterIdentity, (etcd) => {
    const store = new StoreReady(context.engine, facts.name, etcd, {
      ...opts,
      dependsOn: etcd.map(({ files }) => files),
    });
    // A switchover needs the store.
    return new PrimaryPlacement(plan, placementOf(context, plan), {
      ...opts,
      dependsOn: [...afterIdentity.dependsOn, store],
    });
  });
  const files = containers.map((c) => c.files);
  const members = facts.members.map((m) => m.hostname);
  const place = { engine: context.engine, acceptDataLoss: spec.acceptDataLoss };
  const state = new PatroniState(facts, plan.dynamicConfig, members, place, { ...opts, dependsOn: files });
  return {
    ready: pulumi.all([state.urn, ...files.map((f) => f.urn)]),
    readyResources: [state, ...files],
    data: containers.find((c) => c.planned.program === "patroni")!.data[0]!,
    endpoints: endpointsOf(plan, containers),
    adminRoute: (service) => adminRoute(context, plan, service),
    internalHost: (service) => pulumi.output(internalHost(facts.name, service)),
    internalPort,
    addService: (added, itsLate, itsOpts) =>
      addService(context, facts.name, added, itsLate, { ...itsOpts, dependsOn: files }),
    addInstance: (planned, { files: its }, itsOpts) => makeServiceContainer(context, planned, its, itsOpts),
  };
}

/** Containers of its own, so that no other is touched. */
function addService(
  context: DockerContext,
  cluster: string,
  added: ServicePlan,
  late: LateOutputs,
  opts: pulumi.CustomResourceOptions & { dependsOn: pulumi.Resource[] },
): AddedService {
  const part = `${cluster}-${added.service.name}`;
  const containers = makeContainers(context, part, added.containers, late, opts);
  return {
    endpoint: endpointOf(cluster, added.service, containers),
    running: pulumi.all(containers.map((c) => c.files.urn)),
  };
}

/**
 * From within a gateway's HAProxy. The engine leads there wherever it is; the port that is published may be another tomorrow, and
 * rules may let no address of this machine in. A crowd of clients is at the services, and not there. It is known from the plan: no change of a gateway changes what is reached.
 */
function adminRoute(
  { engine }: DockerContext,
  { facts, containers }: ClusterPlan,
  service: PlannedService,
): AdminRoute {
  const gateways = containers.filter((container) => container.program === "haproxy").map(({ name }) => name);
  const port = ports.primaryAdmin;
  return { host: internalHost(facts.name, service), port, container: { engine, containers: gateways, port } };
}

function placementOf(context: DockerContext, plan: ClusterPlan) {
  const member = plan.containers.find((container) => container.program === "patroni");
  return {
    engine: context.engine,
    members: plan.facts.members.filter((m) => m.electable).map((m) => ({ name: m.name, container: m.hostname })),
    // Memory alone changes a running container; the shared memory that follows from it does not.
    madeOf: {
      image: context.imageIds.postgres,
      network: context.networks.members,
      cpus: member?.cpus,
      shmSize: member?.shmSize,
      stopTimeout: member?.stopTimeout,
      labels: plan.facts.labels,
      marker: context.marker.uid,
    },
  };
}

/** Ids, not tags: a tag may point elsewhere tomorrow, and a running primary must not be replaced for it. */
function imageIds(
  plan: ClusterPlan,
  images: Images,
  opts: pulumi.CustomResourceOptions,
): Record<ImageRole, pulumi.Output<string>> {
  const idOf = (role: ImageRole) =>
    new docker.RemoteImage(`${plan.facts.name}-${role}-image`, { name: images[role], keepLocally: true }, opts).imageId;
  return { postgres: idOf("postgres"), gateway: idOf("gateway"), etcd: idOf("etcd") };
}
