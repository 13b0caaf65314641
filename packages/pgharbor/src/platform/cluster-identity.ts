import type * as pulumi from "@pulumi/pulumi";
import type { ClusterModel, ClusterSpec } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { PodLocationArgs } from "./location-args";

/** Goes before a cluster's members: refuses what a running cluster cannot change, and warns of what it loses, in the preview. */
export class ClusterIdentity extends HandledResource<"ClusterIdentity"> {
  /** `location` on Kubernetes: there a cluster that never came to be may still become another. */
  constructor(
    model: ClusterModel,
    spec: ClusterSpec,
    location: Partial<PodLocationArgs>,
    opts: pulumi.CustomResourceOptions,
  ) {
    const props = {
      ...location,
      cluster: model.name,
      postgresVersion: String(model.postgresMajor),
      disk: model.resources.disk,
      etcdMembers: model.etcd.length,
      sync: model.sync,
      writtenSync: spec.sync !== undefined,
      members: model.members.length,
      ...(model.platform === "docker"
        ? {}
        : { namespace: spec.kubernetes?.namespace, storageClass: spec.kubernetes?.storage?.storageClass }),
    };
    super("ClusterIdentity", `${model.name}-identity`, props, opts);
  }
}
