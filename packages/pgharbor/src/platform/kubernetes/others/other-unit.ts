import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { first, labelKeys, required, type PlannedUnit } from "@pgharbor/core";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";
import type { DeferredOutputs } from "../../deferred-values";
import type { KubernetesContext } from "../context/context";
import { labelsOf, selectorOf, type Labels } from "../context/metadata";
import { createDeployment, ONE_AT_A_TIME } from "../pods/deployment";
import { createPodFiles, type PodFiles } from "../pods/pod-files";
import { commonPodSpec, restrictedPod, type PodSpec } from "../pods/pod-parts";
import { plannedContainer, plannedDemand, plannedVolumes } from "../pods/planned-container";

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

/** Creates the unit as one pod. */
export function createOtherUnit(
  context: KubernetesContext,
  unit: PlannedUnit,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
): OtherUnit {
  const selector = unitSelector(context, unit);
  const labels = labelsOf(context, roleOf(unit), { [labelKeys.unit]: unit.name });
  const files = createPodFiles(context, unit, { selector, labels, deferred }, opts);
  const deployment = createDeployment(
    context,
    { name: unit.name, labels, selector, ...ONE_AT_A_TIME, pod: podSpec(context, unit) },
    { ...opts, dependsOn: files },
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
