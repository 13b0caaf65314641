import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { names } from "@pgharbor/core";
import type { KubernetesContext } from "./context";
import { labelsOf, metadataOf, selectorOf, type Labels } from "./metadata";

/** A drain takes one pod of a kind at a time, and the next one once the first is ready elsewhere. */
export function makeDisruptionBudgets(
  context: KubernetesContext,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { name: cluster } = context.facts;
  return [
    makeDisruptionBudget(context, names.members(cluster), "member", selectorOf(context, "member"), opts),
    makeDisruptionBudget(context, names.gateway(cluster), "gateway", selectorOf(context, "gateway"), opts),
  ];
}

const makeDisruptionBudget = (
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
    opts,
  );
