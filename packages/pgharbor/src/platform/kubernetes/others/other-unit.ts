import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { first, labelKeys, required, type PlannedUnit } from "@pgharbor/core";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";
import type { DeferredOutputs } from "../../deferred-values";
import type { KubernetesContext } from "../context/context";
import { labelsOf, metadataOf, selectorOf, type Labels } from "../context/metadata";
import { PodFiles } from "../pods/pod-files";
import { commonPodSpec, restrictedPod, type PodSpec } from "../pods/pod-parts";
import { containerName, plannedContainer, plannedDemand, plannedVolumes } from "../pods/planned-container";

/** A unit that is neither a member nor a gateway, such as one that takes backups. */
export interface OtherUnit {
  deployment: k8s.apps.v1.Deployment;
  files: PodFiles[];
}

const roleOf = ({ name, containers }: PlannedUnit): string =>
  required(first(containers).labels[labelKeys.role], `the role of ${name}`);

/** Finds the pod of one unit. */
export const unitSelector = (context: KubernetesContext, unit: PlannedUnit): Labels => ({
  ...selectorOf(context, roleOf(unit)),
  [labelKeys.unit]: unit.name,
});

/** One pod. An old one ends before its successor starts, because two must not do the same work. */
export function createOtherUnit(
  context: KubernetesContext,
  unit: PlannedUnit,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): OtherUnit {
  const { name, containers } = unit;
  const selector = unitSelector(context, unit);
  const labels = labelsOf(context, roleOf(unit), { [labelKeys.unit]: name });
  const files = containers.map(
    (planned) =>
      new PodFiles(context, planned, { container: containerName(name, planned), selector, labels, deferred }, opts),
  );
  const deployment = new k8s.apps.v1.Deployment(
    name,
    {
      metadata: metadataOf(context, name, labels),
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: context.spec.annotations },
          spec: podSpec(context, unit),
        },
      },
    },
    context.marker.withCleanupHooks({ ...opts, dependsOn: files }),
  );
  return { deployment, files };
}

function podSpec(context: KubernetesContext, { name, containers }: PlannedUnit): PodSpec {
  const { uid, gid } = first(containers);
  return {
    ...commonPodSpec(context),
    automountServiceAccountToken: false,
    securityContext: restrictedPod(uid, gid),
    terminationGracePeriodSeconds: Math.max(...containers.map(({ stopTimeout }) => stopTimeout)),
    containers: containers.map((planned) => plannedContainer(context, name, planned, {})),
    volumes: plannedVolumes(name, containers, {}),
  };
}

/** The requests and limits of its pod. */
export const otherDemand = ({ name, containers }: PlannedUnit): ContainerDemand[] =>
  containers.map((planned) => plannedDemand(name, planned));
