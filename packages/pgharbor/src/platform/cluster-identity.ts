import type * as pulumi from "@pulumi/pulumi";
import type { ClusterModel, ClusterSpec } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { PodLocationArgs } from "./location-args";

/**
 * Created before the members. A preview refuses changes that a running cluster does not support, and warns of those that lose a property.
 */
export class ClusterIdentity extends HandledResource<"ClusterIdentity"> {
  /** `location`: given on Kubernetes, where a change is allowed if the cluster does not exist. */
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
