import * as pulumi from "@pulumi/pulumi";
import { planSync, type ClusterFacts, type ClusterSpec } from "@pgharbor/core";
import { HandledResource } from "../dynamic/handled-resource";
import type { PlaceProps } from "./place";

/** Goes before a cluster's members: refuses what a running cluster cannot change, and warns of what it loses, in the preview. */
export class ClusterIdentity extends HandledResource {
  /** `place` on Kubernetes: there a cluster that never came to be may still become another. */
  constructor(facts: ClusterFacts, spec: ClusterSpec, place: Partial<PlaceProps>, opts: pulumi.CustomResourceOptions) {
    const props = {
      ...place,
      cluster: facts.name,
      postgresVersion: String(facts.postgresMajor),
      disk: spec.resources?.disk ?? "8GB",
      etcdMembers: facts.etcd.length,
      sync: planSync(spec),
      writtenSync: spec.sync !== undefined,
      members: facts.members.length,
      ...(facts.platform === "docker"
        ? {}
        : { namespace: spec.kubernetes?.namespace, storageClass: spec.kubernetes?.storage?.storageClass }),
    };
    super("ClusterIdentity", `${facts.name}-identity`, props, opts);
  }
}
