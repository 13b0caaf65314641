import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelKeys, names, type ClusterPlan, type ClusterSpec, type NetworkRole } from "@pgharbor/core";
import type { ClusterMarker } from "./cluster-marker";

/**
 * The networks of a cluster. What a person runs joins that of the clients, which may be one of theirs, and meets gateways there;
 * members and the store are in networks that nothing else has a reason to join. By id: a container stays tied to the network that it was
 * made in, so one that was removed and made again takes its containers with it.
 */
export function createNetworks(
  plan: ClusterPlan,
  spec: ClusterSpec,
  marker: ClusterMarker,
  opts: pulumi.CustomResourceOptions,
): Record<NetworkRole, pulumi.Output<string>> {
  const { name: cluster, labels: own } = plan.model;
  const labels = marker.labels({ ...own, [labelKeys.cluster]: cluster });
  const hooks = marker.clearing("network");
  const create = (resource: string, name: string, internal?: boolean) =>
    // A changed label would replace the network, and take it from everything that runs.
    new docker.Network(resource, { name, labels, internal }, { ...opts, hooks, ignoreChanges: ["labels"] }).id;
  const given = spec.docker?.network;
  return {
    clients: given === undefined ? create(`${cluster}-network`, names.network(cluster)) : pulumi.output(given),
    members: create(`${cluster}-network-members`, names.membersNetwork(cluster)),
    // Nothing in it has a reason to reach the world.
    store: create(`${cluster}-network-store`, names.storeNetwork(cluster), true),
  };
}
