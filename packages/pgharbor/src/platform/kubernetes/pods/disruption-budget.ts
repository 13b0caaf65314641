import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { KubernetesContext } from "../context/context";
import { labelsOf, metadataOf, type Labels } from "../context/metadata";

/** Creates a budget, so that a drain evicts one of these pods at a time, and the next one once the first is ready elsewhere. */
export const createDisruptionBudget = (
  context: KubernetesContext,
  name: string,
  role: string,
  matchLabels: Labels,
  opts: pulumi.CustomResourceOptions,
): k8s.policy.v1.PodDisruptionBudget =>
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    {
      metadata: metadataOf(context, name, labelsOf(context, role)),
      spec: { maxUnavailable: 1, selector: { matchLabels }, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    },
    context.marker.withCleanupHooks(opts),
  );
