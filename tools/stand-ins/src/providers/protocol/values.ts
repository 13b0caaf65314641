import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** A JSON value as exchanged between engine and provider. */
export type Value = null | boolean | number | string | Value[] | Properties;
export type Properties = { [key: string]: Value };

/** The wire form of an unknown value: the same constant in every Pulumi SDK. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function secret(value: Value): Properties {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET_SIGNATURE, value };
}

export function isSecret(value: Value): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET_SIGNATURE;
}

/** Returns the value without its secret markers, at any depth. */
export function plain(value: Value): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (isSecret(value)) return plain(value.value ?? null);
  return isObject(value) ? mapValues(value, plain) : value;
}

export function plainProperties(properties: Properties): Properties {
  return mapValues(properties, plain);
}

export function containsSecret(value: Value): boolean {
  if (Array.isArray(value)) return value.some(containsSecret);
  return isSecret(value) || (isObject(value) && Object.values(value).some(containsSecret));
}

export function containsUnknown(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  return value === UNKNOWN || (isObject(value) && Object.values(value).some(containsUnknown));
}

/** True if a property counts as unset. Terraform, under the official providers, does not distinguish these values. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

export function equal(left: Value | undefined, right: Value | undefined): boolean {
  if (isEmpty(left) && isEmpty(right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => equal(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => equal(left[key], right[key]));
  }
  return left === right;
}

export function mapValues(properties: Properties, change: (value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value)]));
}

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/** `undefined` has no wire form, so such a property is omitted. */
export function toStruct(properties: { [key: string]: Value | undefined }): Struct {
  const defined = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(
    JSON.parse(JSON.stringify(Object.fromEntries(defined))) as { [key: string]: JavaScriptValue },
  );
}

/** A string; `undefined` if there is none. */
export function textOf(value: Value | undefined): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}
