import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {
  first,
  ports,
  unitsOf,
  type ClusterPlan,
  type ClusterSpec,
  type ImageRole,
  type ResolvedService,
  type ServicePlan,
} from "@pgharbor/core";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, AttachedCluster, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import type { AdminRoute } from "../sql/admin-connection";
import { ClusterMarker } from "./containers/cluster-marker";
import type { DockerContext } from "./containers/context";
import { filesOf, type RunningUnit } from "./containers/containers";
import { endpointOf, endpointsOf, internalHost, internalPort } from "./containers/endpoints";
import { createNetworks } from "./containers/networks";
import { makeServiceContainer } from "./supporting-service/service-container";
import type { DeferredOutputs } from "../deferred-values";
import { StoreReady } from "./containers/store-ready";
import { createAddedGateway, createUnits } from "./containers/units";

/** What a cluster on Docker is asked for, besides its plan. */
export interface DockerArgs {
  plan: ClusterPlan;
  spec: ClusterSpec;
  images: Images;
  deletionProtection: boolean;
}

export const openDocker = (args: DockerArgs, opts: pulumi.CustomResourceOptions): Platform => ({
  attach: (deferred) => attach(args, deferred, opts),
});

/** Makes everything of a plan on one Docker engine. */
function attach(
  { plan, spec, images, deletionProtection }: DockerArgs,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): AttachedCluster {
  const { model } = plan;
  const engine = spec.docker?.host ?? "";
  const marker = new ClusterMarker(model.name, engine, opts);
  const context: DockerContext = {
    engine,
    cluster: model.name,
    marker,
    networks: createNetworks(plan, spec, marker, opts),
    imageIds: imageIds(plan, images, opts),
    restartPolicy: spec.docker?.restartPolicy ?? "unless-stopped",
    deletionProtection,
    acceptDataLoss: spec.acceptDataLoss,
  };
  // Nothing that runs is touched by a change that cannot be made.
  const afterIdentity = { ...opts, dependsOn: [new ClusterIdentity(model, spec, {}, opts)] };
  const units = createUnits(context, plan, deferred, afterIdentity, (etcd) => {
    const store = new StoreReady(context.engine, model.name, etcd, { ...opts, dependsOn: filesOf(etcd) });
    // A switchover needs the store.
    return new PrimaryPlacement(plan, placementOf(context, plan), {
      ...opts,
      dependsOn: [...afterIdentity.dependsOn, store],
    });
  });
  const files = filesOf(unitsOf(units));
  const members = model.members.map((m) => m.hostname);
  const location = { engine: context.engine, acceptDataLoss: spec.acceptDataLoss };
  const state = new PatroniState(model, plan.dynamicConfig, members, location, { ...opts, dependsOn: files });
  return {
    ready: pulumi.all([state.urn, ...files.map((f) => f.urn)]),
    readyResources: [state, ...files],
    data: dataOf(first(units.members)),
    endpoints: endpointsOf(model, first(units.gateways)),
    adminRoute: (service) => adminRoute(context, plan, service),
    internalHost: (service) => pulumi.output(internalHost(model.name, service)),
    internalPort,
    addService: (added, addedValues, itsOpts) =>
      addService(context, model.name, added, addedValues, { ...itsOpts, dependsOn: files }),
    addInstance: (planned, { files: its }, itsOpts) => makeServiceContainer(context, planned, its, itsOpts),
  };
}

/** The data volume of a member. */
const dataOf = ({ containers }: RunningUnit): pulumi.Resource => first(containers.flatMap(({ data }) => data));

/** Containers of its own, so that no other is touched. */
function addService(
  context: DockerContext,
  cluster: string,
  added: ServicePlan,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions & { dependsOn: pulumi.Resource[] },
): AddedService {
  const part = `${cluster}-${added.service.name}`;
  const gateway = createAddedGateway(context, part, added.gateway, deferred, opts);
  return {
    endpoint: endpointOf(cluster, added.service, gateway),
    running: pulumi.all(filesOf([gateway]).map(({ urn }) => urn)),
  };
}

/**
 * From within a gateway's HAProxy. The engine leads there wherever it is; the port that is published may be another tomorrow, and
 * rules may let no address of this machine in. A crowd of clients is at the services, and not there. It is known from the plan: no change of a gateway changes what is reached.
 */
function adminRoute({ engine }: DockerContext, { model, gateways }: ClusterPlan, service: ResolvedService): AdminRoute {
  const containers = gateways.map(({ haproxy }) => haproxy.name);
  const port = ports.primaryAdmin;
  return { host: internalHost(model.name, service), port, container: { engine, containers, port } };
}

function placementOf(context: DockerContext, plan: ClusterPlan) {
  const { patroni } = first(plan.members);
  return {
    engine: context.engine,
    members: plan.model.members.filter((m) => m.electable).map((m) => ({ name: m.name, container: m.hostname })),
    // Memory alone changes a running container; the shared memory that follows from it does not.
    madeOf: {
      image: context.imageIds.postgres,
      network: context.networks.members,
      cpus: patroni.cpus,
      shmSize: patroni.shmSize,
      stopTimeout: patroni.stopTimeout,
      labels: plan.model.labels,
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
    new docker.RemoteImage(`${plan.model.name}-${role}-image`, { name: images[role], keepLocally: true }, opts).imageId;
  return { postgres: idOf("postgres"), gateway: idOf("gateway"), etcd: idOf("etcd") };
}
