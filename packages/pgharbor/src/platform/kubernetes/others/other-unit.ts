import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { first, type ClusterPlan, type PlannedUnit } from "@pgharbor/core";
import type { ContainerDemand } from "../../../clients/kubernetes/capacity/demand";
import type { DeferredOutputs } from "../../deferred-values";
import type { KubernetesContext } from "../context/context";
import { metadataOf } from "../context/metadata";
import { unitLabels, unitSelector } from "../context/unit-labels";
import { createPodFiles, type PodFiles } from "../pods/pod-files";
import { commonPodSpec, restrictedPod, type PodSpec } from "../pods/pod-parts";
import { containerName, plannedContainer, plannedDemand, plannedVolumes } from "../pods/planned-container";
import { besideForeignVolumes } from "./foreign-volumes";

/** A unit that is neither a member nor a gateway, such as one that takes backups. */
export interface OtherUnit {
  set: k8s.apps.v1.StatefulSet;
  files: PodFiles[];
}

/** All such units of a plan. */
export const otherUnits = ({ backups, others }: ClusterPlan): PlannedUnit[] => [...backups, ...others];

/** Pod and container for commands in a unit's first container. */
export const unitContainer = (unit: PlannedUnit): string =>
  `${unit.name}-0/${containerName(unit.name, first(unit.containers))}`;

/** Creates the unit as one pod, after these resources: a StatefulSet, because two pods must never use one volume. */
export function createOtherUnit(
  context: KubernetesContext,
  unit: PlannedUnit,
  deferred: DeferredOutputs,
  opts: pulumi.CustomResourceOptions,
  { after, serviceAccountName }: { after: pulumi.Resource[]; serviceAccountName?: string },
): OtherUnit {
  const selector = unitSelector(context, unit);
  const labels = unitLabels(context, unit);
  const files = createPodFiles(context, unit, { selector, labels, deferred }, { ...opts, dependsOn: after });
  const set = new k8s.apps.v1.StatefulSet(
    unit.name,
    {
      metadata: metadataOf(context, unit.name, labels),
      spec: {
        replicas: 1,
        serviceName: unit.name,
        // OrderedReady would keep a pod that never became ready, instead of replacing it with a corrected one.
        podManagementPolicy: "Parallel",
        selector: { matchLabels: selector },
        template: {
          metadata: { labels, annotations: context.spec.annotations },
          spec: { ...podSpec(context, unit), serviceAccountName },
        },
      },
    },
    context.marker.withCleanupHooks({ ...opts, dependsOn: [...after, ...files] }),
  );
  return { set, files };
}

function podSpec(context: KubernetesContext, { name, containers }: PlannedUnit): PodSpec {
  const { uid, gid } = first(containers);
  return {
    ...commonPodSpec(context),
    affinity: besideForeignVolumes(containers),
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
