import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";

/** Deletes, when the cluster is deleted, the objects that a killed run left. Every object of the cluster depends on it. */
export class KubernetesLeftovers extends HandledResource<"KubernetesLeftovers"> {
  constructor(context: KubernetesContext, opts: pulumi.CustomResourceOptions) {
    const { name: cluster } = context.model;
    const props = { ...locationArgs(context), cluster, uid: context.marker.uid };
    super("KubernetesLeftovers", `${cluster}-leftovers`, props, opts);
  }
}
