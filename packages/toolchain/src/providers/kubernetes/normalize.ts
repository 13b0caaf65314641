import { containsUnknown, isObject, type Properties, type Value } from "../protocol/values";
import { isBuiltInApi } from "./kinds";
import { isSecretObject, textAt, valueAt, type KubeObject } from "./kube-object";
import { withCanonicalQuantities } from "./quantities";

/** Set by the server alone: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
const READ_ONLY = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/** Inputs in the form in which the server gives them back, so that what means the same does not show as a difference. */
export function normalized(object: KubeObject): KubeObject {
  const tidy = withoutReadOnly(withoutNulls(object) as KubeObject);
  if (containsUnknown(tidy) || !isBuiltInApi(textAt(tidy, "apiVersion"))) return tidy;
  return isSecretObject(tidy) ? normalizedSecret(tidy) : withCanonicalQuantities(tidy);
}

function withoutReadOnly(object: KubeObject): KubeObject {
  if (!isObject(object.metadata)) return object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !READ_ONLY.includes(key)));
  return { ...object, metadata };
}

/** The API takes null for unset. */
function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}

/** `stringData` can only be written: the server turns it into `data`, where it wins over what is there. */
function normalizedSecret(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  const data: Properties = {};
  for (const [key, value] of entriesOf(valueAt(object, "data"))) data[key] = recoded(value);
  for (const [key, value] of entriesOf(stringData)) data[key] = Buffer.from(String(value), "utf8").toString("base64");
  if (Object.keys(data).length === 0) return object;
  return { ...rest, data };
}

/** White space and padding do not survive the server. */
function recoded(value: Value): Value {
  if (typeof value !== "string") return value;
  const bytes = Buffer.from(value, "base64");
  const same = bytes.toString("base64").replace(/=+$/, "") === value.replace(/\s/g, "").replace(/=+$/, "");
  return same ? bytes.toString("base64") : value;
}

function entriesOf(value: Value | undefined): [string, Value][] {
  return isObject(value) ? Object.entries(value) : [];
}
