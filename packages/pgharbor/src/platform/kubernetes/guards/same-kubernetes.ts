import type * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../../dynamic/handled-resource";
import { locationArgs, type KubernetesContext } from "../context/context";

/** Nothing that we make ourselves is made before it is known that the provider's things are there, too. */
export class SameKubernetes extends HandledResource<"SameKubernetes"> {
  constructor(context: KubernetesContext, opts: pulumi.CustomResourceOptions) {
    const { name: cluster } = context.model;
    super("SameKubernetes", `${cluster}-same-kubernetes`, { ...locationArgs(context), cluster }, opts);
  }
}
