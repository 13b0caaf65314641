import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { names } from "@pgharbor/core";
import { HandledResource } from "../../dynamic/handled-resource";
import { placeOf, type KubernetesContext } from "./context";

/** Nothing that we make ourselves is made before it is known that the provider's things are there, too. */
export class SameKubernetes extends HandledResource {
  constructor(context: KubernetesContext, account: k8s.core.v1.ServiceAccount, opts: pulumi.CustomResourceOptions) {
    const { name: cluster } = context.facts;
    const its = { name: names.members(cluster), uid: account.metadata.uid };
    super("SameKubernetes", `${cluster}-same-kubernetes`, { ...placeOf(context), account: its }, opts);
  }
}
