import { labelKeys, labels as ownLabels } from "@pgharbor/core";
import type { KubernetesContext } from "./context";
import type { Labels } from "./labels";

export type { Labels };
type Described = Pick<KubernetesContext, "model" | "spec" | "marker">;

/** Labels of an object: the standard ones, pgharbor's, and the program's. */
export const labelsOf = ({ model }: Pick<KubernetesContext, "model">, role: string, more: Labels = {}): Labels => ({
  ...ownLabels(model.name, role, model.labels),
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
  "app.kubernetes.io/name": "pgharbor",
  "app.kubernetes.io/instance": model.name,
  "app.kubernetes.io/component": role,
  "app.kubernetes.io/managed-by": "pulumi",
  ...more,
});

/** Metadata of an object. Without a given namespace it has none, and the provider adds its own. */
export const metadataOf = (context: Described, name: string, labels: Labels, annotations: Labels = {}) => ({
  name,
  namespace: context.spec.namespace,
  labels: context.marker.labels(labels),
  annotations: context.marker.annotations({ ...context.spec.annotations, ...annotations }),
});

/** Selects a cluster's pods of one role. */
export const selectorOf = ({ model }: KubernetesContext, role: string): Labels => ({
  [labelKeys.cluster]: model.name,
  [labelKeys.role]: role,
});

/** A selector in the format of `kubectl -l`. */
export const selectorText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
