import { labelKeys, labels as ownLabels } from "@pgharbor/core";
import type { KubernetesContext } from "./context";
import type { Labels } from "./labels";

export type { Labels };
type Described = Pick<KubernetesContext, "model" | "spec" | "marker">;

/** What a workload is: the standard labels, ours, and the person's. */
export const labelsOf = ({ model }: Pick<KubernetesContext, "model">, role: string, more: Labels = {}): Labels => ({
  ...ownLabels(model.name, role, model.labels),
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
  "app.kubernetes.io/name": "pgharbor",
  "app.kubernetes.io/instance": model.name,
  "app.kubernetes.io/component": role,
  "app.kubernetes.io/managed-by": "pulumi",
  ...more,
});

/** Without a namespace where none is given: the provider then puts in its own. */
export const metadataOf = (context: Described, name: string, labels: Labels, annotations: Labels = {}) => ({
  name,
  namespace: context.spec.namespace,
  labels: context.marker.labels(labels),
  annotations: context.marker.annotations({ ...context.spec.annotations, ...annotations }),
});

/** What finds a cluster's pods of one role. */
export const selectorOf = ({ model }: KubernetesContext, role: string): Labels => ({
  [labelKeys.cluster]: model.name,
  [labelKeys.role]: role,
});

/** As `kubectl -l` takes it. */
export const selectorText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
