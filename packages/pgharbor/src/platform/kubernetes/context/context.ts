import type * as pulumi from "@pulumi/pulumi";
import { names, type ClusterModel, type KubernetesSpec } from "@pgharbor/core";
import type { PodLocation } from "../../../clients/kubernetes/connection/client";
import type { Images } from "../../platform";
import type { ObjectMarker } from "./object-marker";

/** What everything of one cluster needs to know of Kubernetes. */
export interface KubernetesContext {
  model: ClusterModel;
  spec: KubernetesSpec;
  /** The namespace as it is: the provider may have named it. */
  namespace: pulumi.Output<string>;
  images: Images;
  marker: ObjectMarker;
  deletionProtection: boolean;
  /** System identifier of a database that may be given up. */
  acceptDataLoss?: string;
  /** Days that an issuer is asked for. */
  validityDays?: number;
  /** Secret. Of the provider, where it is not the usual one. */
  kubeconfig?: pulumi.Input<string>;
  /** The uid of the members' ServiceAccount, once there is one. */
  account?: pulumi.Output<string>;
}

/** How our own resources find the cluster: inputs of each of them. */
export const locationArgs = (context: KubernetesContext) => ({
  kubernetes: kubernetesOf(context),
  kubeconfig: context.kubeconfig,
});
const kubernetesOf = ({ model, spec, namespace, account }: KubernetesContext) => ({
  namespace,
  context: spec.reach?.context,
  account: account && { name: names.members(model.name), uid: account },
});

/** The same for the program itself, once the values are there. */
export const resolvedLocation = (
  { spec }: KubernetesContext,
  namespace: string,
  kubeconfig: string | undefined,
): PodLocation => ({
  kubernetes: { namespace, context: spec.reach?.context },
  kubeconfig,
});

/** Of errors. */
export const subjectOf = ({ model }: KubernetesContext): string => `PostgresCluster ${JSON.stringify(model.name)}`;

/** Where a command in a member's pod runs. */
export const memberContainer = (model: ClusterModel, member: string): string =>
  `${names.memberPod(model.name, member)}/patroni`;

/** A name within the Kubernetes cluster, whole, so that it is the same in every namespace. */
export const serviceHost = (context: KubernetesContext, service: string): pulumi.Output<string> =>
  context.namespace.apply((namespace) => `${service}.${namespace}.svc.${context.model.clusterDomain}`);
