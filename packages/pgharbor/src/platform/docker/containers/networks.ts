import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { labelKeys, names, type ClusterPlan, type ClusterSpec, type NetworkRole } from "@pgharbor/core";
import type { ClusterMarker } from "./cluster-marker";

/**
 * Creates the networks of a cluster. Clients join the clients' network, which may be an existing one, and find gateways there; members and
 * the store have separate networks. The result contains ids, because a container stays connected to the id of its network: a network that
 * was removed and created again then replaces its containers.
 */
export function createNetworks(
  plan: ClusterPlan,
  spec: ClusterSpec,
  marker: ClusterMarker,
  opts: pulumi.CustomResourceOptions,
): Record<NetworkRole, pulumi.Output<string>> {
  const { name: cluster, labels: own } = plan.model;
  const labels = marker.labels({ ...own, [labelKeys.cluster]: cluster });
  const hooks = marker.cleanupHooks("network");
  const create = (resource: string, name: string, internal?: boolean) =>
    // A changed label would replace the network and disconnect its containers.
    new docker.Network(resource, { name, labels, internal }, { ...opts, hooks, ignoreChanges: ["labels"] }).id;
  const given = spec.docker?.network;
  return {
    clients: given === undefined ? create(`${cluster}-network`, names.network(cluster)) : pulumi.output(given),
    members: create(`${cluster}-network-members`, names.membersNetwork(cluster)),
    // Internal, because etcd needs no external network.
    store: create(`${cluster}-network-store`, names.storeNetwork(cluster), true),
  };
}
