import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesContext } from "../context/context";
import { metadataOf, type Labels } from "../context/metadata";
import type { PodSpec } from "./pod-parts";

/** What differs between Deployments. */
export interface DeploymentArgs {
  name: string;
  labels: Labels;
  selector: Labels;
  annotations?: Record<string, string>;
  replicas: number;
  strategy: k8s.types.input.apps.v1.DeploymentStrategy;
  pod: PodSpec;
}

/** For one pod: the old one ends before its successor starts, because two must not do the same work. */
export const ONE_AT_A_TIME = { replicas: 1, strategy: { type: "Recreate" } };

/** Creates a Deployment, whose pods have its labels and the annotations of all pods. */
export const createDeployment = (
  context: KubernetesContext,
  { name, labels, selector, annotations, replicas, strategy, pod }: DeploymentArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.Deployment =>
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadataOf(context, name, labels, annotations),
      spec: {
        replicas,
        strategy,
        selector: { matchLabels: selector },
        template: { metadata: { labels, annotations: context.spec.annotations }, spec: pod },
      },
    },
    context.marker.withCleanupHooks(opts),
  );
