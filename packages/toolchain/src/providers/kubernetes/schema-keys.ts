import { isObject, type Value } from "../protocol/values";

/** Extensions of OpenAPI in a CustomResourceDefinition, whose dashes Pulumi's SDKs write as underscores. */
const EXTENSIONS = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const AS_IN_PROGRAMS = new Map(EXTENSIONS.map((key) => [key, key.replaceAll("-", "_")]));
const AS_THE_SERVER_HAS_IT = new Map(EXTENSIONS.map((key) => [key.replaceAll("-", "_"), key]));

export function asInPrograms<V extends Value>(value: V): V {
  return isDefinition(value) ? (renamed(value, AS_IN_PROGRAMS) as V) : value;
}

export function asTheServerHasIt<V extends Value>(value: V): V {
  return isDefinition(value) ? (renamed(value, AS_THE_SERVER_HAS_IT) as V) : value;
}

function isDefinition(value: Value): boolean {
  return isObject(value) && value.kind === "CustomResourceDefinition";
}

function renamed(value: Value, keys: Map<string, string>): Value {
  if (Array.isArray(value)) return value.map((item) => renamed(item, keys));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [keys.get(key) ?? key, renamed(item, keys)]));
}
