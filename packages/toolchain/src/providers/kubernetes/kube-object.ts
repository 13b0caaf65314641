import { isObject, UNKNOWN, type Properties, type Value } from "../protocol/values";

/** An object of the API, as JSON. Its kind decides what is in it. */
export type KubeObject = Properties;

export const AUTONAMED = "pulumi.com/autonamed";

/** The value at a path, `undefined` where the path ends early. */
export function valueAt(object: Value | undefined, ...path: (string | number)[]): Value | undefined {
  let value = object;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value)) value = value[key];
    else return undefined;
  }
  return value;
}

export function textAt(object: Value | undefined, ...path: (string | number)[]): string {
  const value = valueAt(object, ...path);
  return typeof value === "string" && value !== UNKNOWN ? value : "";
}

export function numberAt(object: Value | undefined, ...path: (string | number)[]): number {
  const value = valueAt(object, ...path);
  return typeof value === "number" ? value : 0;
}

export function listAt(object: Value | undefined, ...path: (string | number)[]): Properties[] {
  const value = valueAt(object, ...path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function nameOf(object: KubeObject): string {
  return textAt(object, "metadata", "name");
}

export function namespaceOf(object: KubeObject): string {
  return textAt(object, "metadata", "namespace");
}

export function uidOf(object: KubeObject): string {
  return textAt(object, "metadata", "uid");
}

export function annotationOf(object: KubeObject, name: string): string {
  return textAt(object, "metadata", "annotations", name);
}

export function isAutonamed(object: KubeObject): boolean {
  return annotationOf(object, AUTONAMED) === "true";
}

/** How Pulumi's users write it in `get` and `import`: `namespace/name`, or `name` for what belongs to no namespace. */
export function idOf(object: KubeObject): string {
  return [namespaceOf(object), nameOf(object)].filter(Boolean).join("/");
}

export function parseId(id: string): { namespace: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

/** A copy with one more entry in its metadata; untouched where a preview does not know the metadata yet. */
export function withMetadata(object: KubeObject, key: string, value: Value): KubeObject {
  const metadata = object.metadata ?? {};
  return isObject(metadata) ? { ...object, metadata: { ...metadata, [key]: value } } : object;
}

export function withAnnotation(object: KubeObject, name: string, value: string): KubeObject {
  const annotations = valueAt(object, "metadata", "annotations") ?? {};
  return isObject(annotations) ? withMetadata(object, "annotations", { ...annotations, [name]: value }) : object;
}

export function isSecretObject(object: KubeObject): boolean {
  return object.apiVersion === "v1" && object.kind === "Secret";
}

export function isConfigMap(object: KubeObject): boolean {
  return object.apiVersion === "v1" && object.kind === "ConfigMap";
}

/** The group is empty for the core API, whose versions stand alone in `apiVersion`. */
export function groupVersionOf(apiVersion: string): { group: string; version: string } {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? { group: "", version: first } : { group: first, version: second };
}

/** `kubernetes:core/v1:Secret` is the kind Secret of the apiVersion v1. */
export function kindOfToken(token: string): { apiVersion: string; kind: string } {
  const [, module = "", kind = ""] = token.split(":");
  return { apiVersion: module.replace(/^core\//, ""), kind };
}
