import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";

/** Checks that the kubeconfig connects to the provider's cluster, before pgharbor creates objects with it. */
export class SameKubernetes extends HandledResource<"SameKubernetes"> {
  constructor(context: KubernetesContext, opts: pulumi.CustomResourceOptions) {
    const { name: cluster } = context.model;
    super("SameKubernetes", `${cluster}-same-kubernetes`, { ...locationArgs(context), cluster }, opts);
  }
}
