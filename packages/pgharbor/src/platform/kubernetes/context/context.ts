import type * as pulumi from "@pulumi/pulumi";
import { names, type ClusterModel, type KubernetesSpec } from "@pgharbor/core";
import type { PodLocation } from "../../../clients/kubernetes/connection/client";
import type { Images } from "../../platform";
import type { ObjectMarker } from "./object-marker";

/** Facts that all resources of one cluster on Kubernetes share. */
export interface KubernetesContext {
  model: ClusterModel;
  spec: KubernetesSpec;
  /** The effective namespace, which may be the provider's. */
  namespace: pulumi.Output<string>;
  images: Images;
  marker: ObjectMarker;
  deletionProtection: boolean;
  /** System identifier of a database whose loss the program accepts. */
  acceptDataLoss?: string;
  /** Requested validity of issued certificates in days. */
  validityDays?: number;
  /** Secret. The kubeconfig, if it is not the default one. */
  kubeconfig?: pulumi.Input<string>;
  /** The uid of the members' ServiceAccount, once it exists. */
  account?: pulumi.Output<string>;
}

/** Inputs with which pgharbor's own resources find the cluster. */
export const locationArgs = (context: KubernetesContext) => ({
  kubernetes: kubernetesOf(context),
  kubeconfig: context.kubeconfig,
});
const kubernetesOf = ({ model, spec, namespace, account }: KubernetesContext) => ({
  namespace,
  context: spec.connection?.context,
  account: account && { name: names.members(model.name), uid: account },
});

/** The location for the program itself, with known values. */
export const resolvedLocation = (
  { spec }: KubernetesContext,
  namespace: string,
  kubeconfig: string | undefined,
): PodLocation => ({
  kubernetes: { namespace, context: spec.connection?.context },
  kubeconfig,
});

/** The subject of error messages. */
export const subjectOf = ({ model }: KubernetesContext): string => `PostgresCluster ${JSON.stringify(model.name)}`;

/** Pod and container for commands in a member. */
export const memberContainer = (model: ClusterModel, member: string): string =>
  `${names.memberPod(model.name, member)}/patroni`;

/** The full name of a Service, which resolves in every namespace. */
export const serviceHost = (context: KubernetesContext, service: string): pulumi.Output<string> =>
  context.namespace.apply((namespace) => `${service}.${namespace}.svc.${context.model.clusterDomain}`);
