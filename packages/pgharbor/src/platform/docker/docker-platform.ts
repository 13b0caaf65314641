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
import { ClusterBackups } from "../cluster-backups";
import { ClusterIdentity } from "../cluster-identity";
import { PatroniState } from "../patroni-state";
import type { AddedService, ClusterResources, Images, Platform } from "../platform";
import { PrimaryPlacement } from "../primary-placement";
import type { AdminRoute } from "../sql/admin-connection";
import { ClusterMarker } from "./containers/cluster-marker";
import type { DockerContext } from "./containers/context";
import { filesOf, type RunningUnit } from "./containers/containers";
import { endpointOf, endpointsOf, internalHost, internalPort } from "./containers/endpoints";
import { createNetworks } from "./containers/networks";
import { createServiceContainer } from "./supporting-service/service-container";
import type { DeferredOutputs } from "../deferred-values";
import { StoreReady } from "./containers/store-ready";
import { createAddedGateway, createUnits } from "./containers/units";

/** Arguments of a cluster on Docker. */
export interface DockerArgs {
  plan: ClusterPlan;
  spec: ClusterSpec;
  images: Images;
  deletionProtection: boolean;
}

export const createDockerPlatform = (args: DockerArgs, opts: pulumi.CustomResourceOptions): Platform => ({
  createResources: (deferred) => createResources(args, deferred, opts),
});

/**
 * Creates all resources of a plan on one Docker engine. `dependsOn` gives this order: marker, networks, identity, store, repositories, primary
 * placement, members, gateways, then Patroni's dynamic configuration.
 */
function createResources(
  { plan, spec, images, deletionProtection }: DockerArgs,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): ClusterResources {
  const { model } = plan;
  const engine = spec.docker?.host ?? "";
  const marker = new ClusterMarker(model.name, engine, opts);
  const context: DockerContext = {
    engine,
    cluster: model.name,
    marker,
    networks: createNetworks(plan, spec, marker, opts),
    imageIds: createImages(plan, images, opts),
    restartPolicy: spec.docker?.restartPolicy ?? "unless-stopped",
    deletionProtection,
    acceptDataLoss: spec.acceptDataLoss,
  };
  // An unsupported change fails before it touches a running container.
  const afterIdentity = { ...opts, dependsOn: [new ClusterIdentity(model, spec, {}, opts)] };
  const units = createUnits(context, plan, deferred, afterIdentity, (etcd) => {
    const store = new StoreReady(context.engine, model.name, etcd, { ...opts, dependsOn: filesOf(etcd) });
    // A switchover requires the store.
    return new PrimaryPlacement(plan, placementOf(context, plan), {
      ...opts,
      dependsOn: [...afterIdentity.dependsOn, store],
    });
  });
  const files = filesOf(unitsOf(units));
  const members = model.members.map((m) => m.hostname);
  const location = { engine: context.engine, acceptDataLoss: spec.acceptDataLoss, restore: spec.restore };
  const state = new PatroniState(model, plan.dynamicConfig, members, location, { ...opts, dependsOn: files });
  const backups = createBackups(context, model, units.backups, { ...opts, dependsOn: [state] });
  return {
    ready: pulumi.all([state.urn, ...files.map((f) => f.urn)]),
    readyResources: [state, ...files],
    backups: backups?.repositories,
    data: dataOf(first(units.members)),
    endpoints: endpointsOf(model, first(units.gateways)),
    adminRoute: (service) => adminRoute(context, plan, service),
    internalHost: (service) => pulumi.output(internalHost(model.name, service)),
    internalPort,
    addService: (added, addedValues, addedOpts) =>
      addService(context, model.name, added, addedValues, { ...addedOpts, dependsOn: files }),
    addInstance: (planned, { files: serviceFiles }, serviceOpts) =>
      createServiceContainer(context, planned, serviceFiles, serviceOpts),
  };
}

/** The archive works once Patroni has written the archive command. */
function createBackups(
  { engine }: DockerContext,
  { name, backups }: ClusterPlan["model"],
  units: readonly RunningUnit[],
  opts: pulumi.CustomResourceOptions,
): ClusterBackups | undefined {
  if (backups === undefined) return undefined;
  return new ClusterBackups(name, { engine, container: backups.host, revision: first(filesOf(units)).revision }, opts);
}

/** The data volume of a member. */
const dataOf = ({ containers }: RunningUnit): pulumi.Resource => first(containers.flatMap(({ data }) => data));

/** Creates separate containers, so that no other container is touched. */
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
 * Connects from within a gateway's container, through the Docker engine: the published port may change, `hba` rules may refuse this
 * machine's address, and clients cannot use up the connections of this port. The route comes from the plan, so no change of a gateway
 * changes it.
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
    // `memory` is missing because Docker changes it in a running container; shared memory it does not.
    memberTemplate: {
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

/** Creates image resources for their ids: a tag may later refer to another image, which must not replace a running primary. */
function createImages(
  plan: ClusterPlan,
  images: Images,
  opts: pulumi.CustomResourceOptions,
): Record<ImageRole, pulumi.Output<string>> {
  const idOf = (role: ImageRole) =>
    new docker.RemoteImage(`${plan.model.name}-${role}-image`, { name: images[role], keepLocally: true }, opts).imageId;
  return { postgres: idOf("postgres"), gateway: idOf("gateway"), etcd: idOf("etcd") };
}
