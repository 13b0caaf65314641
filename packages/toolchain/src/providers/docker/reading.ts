import { isObject, type Properties, type Value } from "../protocol/values";

/** Typed views of inputs whose types the check has already established. */
export function textOf(value: Value | undefined): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}

export function numberOf(value: Value | undefined): number | undefined {
  return value === undefined || value === null || value === "" ? undefined : Number(value);
}

export function flagOf(value: Value | undefined): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

export function textsOf(value: Value | undefined): string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined;
}

export function objectsOf(value: Value | undefined): Properties[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function mapOf(value: Value | undefined): { [key: string]: string } | undefined {
  if (!isObject(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
}

/** `[{label, value}]`, the form of labels in the schema, as the engine wants them. */
export function labelsOf(value: Value | undefined): { [label: string]: string } | undefined {
  const labels = objectsOf(value).map(({ label, value: text }) => [String(label), String(text ?? "")] as const);
  return labels.length > 0 ? Object.fromEntries(labels) : undefined;
}

export function labelList(labels: { [label: string]: string } | null | undefined): Properties[] {
  return Object.entries(labels ?? {}).map(([label, value]) => ({ label, value }));
}

/** Without the entries that are undefined, so that a stored state holds only what there is. */
export function defined(properties: { [key: string]: Value | undefined }): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Properties;
}
