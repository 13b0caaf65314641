import type { BindingSecretSpec } from "../../spec";
import { checkOwnAnnotations, checkOwnLabels, namespaceRow, objectNameRow } from "../kubernetes/names";
import { problemsOf, show, type Problem } from "../../errors";
import { fields, mapOf, text } from "../../read/read";

const readBindingSecret = fields<BindingSecretSpec>({
  name: text,
  namespace: text,
  labels: mapOf(text),
  annotations: mapOf(text),
});

/** All problems of the Secret that a binding writes. `binding`: the default name. */
export function checkBindingSecret(binding: string, spec: BindingSecretSpec): Problem[] {
  const problems: Problem[] = [];
  const read = readBindingSecret("secret", spec, problems);
  if (read === undefined) return problems;
  const { name, namespace, labels, annotations } = read;
  const isDefault = spec.name === undefined;
  const [unnamed] = problemsOf([objectNameRow("secret.name", isDefault ? binding : name)]);
  const why = isDefault ? `, the binding's own name; give one that is, such as ${show(asName(binding))}` : "";
  return [
    ...problems,
    ...(unnamed === undefined ? [] : [{ ...unnamed, message: unnamed.message + why }]),
    ...problemsOf([namespaceRow("secret.namespace", namespace)]),
    ...checkOwnLabels("secret.labels", labels),
    ...checkOwnAnnotations("secret.annotations", annotations),
  ];
}

const asName = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, "")
    .slice(0, 63) || "binding";
