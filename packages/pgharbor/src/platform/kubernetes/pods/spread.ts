import { Spread } from "@pgharbor/core";
import type { KubernetesContext } from "../context/context";
import type { Labels } from "../context/metadata";
import type { PodSpec } from "./pod-parts";

/** Spreads pods of one kind over nodes or zones, so that the loss of one does not affect two members. */
export function spreadOf(
  { spec }: KubernetesContext,
  matchLabels: Labels,
): Pick<PodSpec, "affinity" | "topologySpreadConstraints"> {
  const { spread = Spread.Preferred, topologyKey = "kubernetes.io/hostname" } = spec.scheduling ?? {};
  if (spread === Spread.None) return {};
  const required = spread === Spread.Required;
  const apart = { labelSelector: { matchLabels }, topologyKey };
  return {
    affinity: {
      podAntiAffinity: required
        ? { requiredDuringSchedulingIgnoredDuringExecution: [apart] }
        : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: apart }] },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: required ? "DoNotSchedule" : "ScheduleAnyway",
        labelSelector: { matchLabels },
      },
    ],
  };
}
