import type { types } from "@pulumi/kubernetes";
import { BACKUP_ROLE, labelKeys, type PlannedContainer } from "@pgharbor/core";

type Affinity = types.input.core.v1.Affinity;

/** Most volumes can be used on one node only, so a pod that reads another cluster's volume should run where that cluster uses it. */
export function besideForeignVolumes(containers: PlannedContainer[]): Affinity | undefined {
  const clusters = new Set(containers.flatMap(({ volumes }) => volumes.flatMap(({ foreign }) => foreign ?? [])));
  if (clusters.size === 0) return undefined;
  const terms = [...clusters].map((cluster) => ({
    weight: 100,
    podAffinityTerm: {
      topologyKey: "kubernetes.io/hostname",
      labelSelector: { matchLabels: { [labelKeys.cluster]: cluster, [labelKeys.role]: BACKUP_ROLE } },
    },
  }));
  return { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: terms } };
}
