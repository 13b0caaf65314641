import { isObject, type Properties, type Value } from "../protocol/values";
import { stepsOf } from "./diff-object";
import { hasReason } from "./kube-api";
import { listAt, textAt, valueAt, type KubeObject } from "./kube-object";

const HELP =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/" +
  "#handle-field-conflicts-on-existing-resources";

/** The server names the other manager and the fields; whose apply it was is what it leaves out. */
export function conflictExplained(error: unknown, manager: string): unknown {
  if (!hasReason(error, "Conflict")) return error;
  return new Error(
    `server-side apply field conflict detected, see ${HELP} for troubleshooting help\n` +
      `The resource managed by field manager "${manager}" had an apply conflict: ${(error as Error).message}`,
  );
}

/** Managers whose fields become those of the resource's own: client-side creation by this provider, and what kubectl applied. */
const TAKEN_OVER = [
  ["kubectl", "Apply"],
  ["kubectl", "Update"],
  ["before-first-apply", "Update"],
  ["pulumi-kubernetes", "Update"],
  ["pulumi-kubernetes.exe", "Update"],
  ["pulumi-resource-kubernetes", "Update"],
];

/** The managed fields with those of earlier managers handed to `manager`; `undefined` when there is nothing to hand over. */
export function takenOver(object: KubeObject, manager: string): Properties[] | undefined {
  const entries = listAt(object, "metadata", "managedFields");
  const theirs = entries.filter(
    (entry) =>
      !entry.subresource &&
      TAKEN_OVER.some(([name, operation]) => entry.manager === name && entry.operation === operation),
  );
  if (theirs.length === 0) return undefined;
  const own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply" && !entry.subresource);
  const fieldsV1 = [own, ...theirs].reduce<Properties>((all, entry) => union(all, fieldsOf(entry)), {});
  const last = theirs[theirs.length - 1] as Properties;
  const merged = { ...last, ...own, manager, operation: "Apply", fieldsV1 };
  return [...entries.filter((entry) => entry !== own && !theirs.includes(entry)), merged];
}

function fieldsOf(entry: Properties | undefined): Properties {
  return isObject(entry?.fieldsV1) ? entry.fieldsV1 : {};
}

function union(left: Properties, right: Properties): Properties {
  const result: Properties = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const known = result[key];
    result[key] = isObject(known) && isObject(value) ? union(known, value) : value;
  }
  return result;
}

/**
 * Inputs whose changes the program ignores: what another manager has set is left to it, anything else is sent as it is now, or the server
 * would take it out.
 */
export function withIgnored(
  inputs: KubeObject,
  live: KubeObject,
  manager: string,
  paths: readonly string[],
): KubeObject {
  const result = structuredClone(inputs);
  for (const path of paths) {
    const steps = stepsOf(path);
    if (steps.length === 0 || steps.some((step) => typeof step === "number" || step === "*")) continue;
    const keys = steps as string[];
    const owners = listAt(live, "metadata", "managedFields").filter((entry) => owns(fieldsOf(entry), keys));
    const ours = owners.some((entry) => entry.manager === manager);
    const value = valueAt(live, ...keys);
    if (owners.length > 0 && !ours) setAt(result, keys, undefined);
    else if (value !== undefined) setAt(result, keys, value);
  }
  return result;
}

function owns(fields: Properties, keys: string[]): boolean {
  let value: Value | undefined = fields;
  for (const key of keys) value = isObject(value) ? value[`f:${key}`] : undefined;
  return value !== undefined;
}

function setAt(object: Properties, keys: string[], value: Value | undefined): void {
  const last = keys[keys.length - 1] as string;
  const parent = valueAt(object, ...keys.slice(0, -1));
  if (!isObject(parent)) return;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

/** Whether a client-side writer of this provider still owns fields; a preview cannot hand them over, so it forces. */
export function madeClientSide(object: KubeObject): boolean {
  return listAt(object, "metadata", "managedFields").some(
    (entry) => entry.operation === "Update" && /^pulumi-(resource-)?kubernetes/.test(textAt(entry, "manager")),
  );
}
