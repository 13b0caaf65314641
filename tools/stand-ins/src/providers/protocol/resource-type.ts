import { isObject, type Properties, type Value } from "./values";

/** One input of a resource, as defined by the official schema and its provider. */
export interface InputSpec {
  readonly type: "string" | "number" | "boolean" | "list" | "object";
  readonly required?: boolean;
  /** A change replaces the resource. Otherwise it updates the resource in place. */
  readonly replaces?: boolean;
  /**
   * The provider computes it if the program gives none. It is then unknown in the preview of a creation, and removing
   * it is no difference.
   */
  readonly computed?: boolean;
  readonly secret?: boolean;
  /** The output's default if the program gives no value. It is not added to the inputs. */
  readonly otherwise?: Value;
}

export interface OutputSpec {
  readonly secret?: boolean;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

/**
 * A resource type of a stand-in. Such a resource is only computed, and needs no deletion. All values are plain here,
 * because the server handles secrets.
 */
export interface ResourceType {
  readonly inputs: { readonly [name: string]: InputSpec };
  readonly outputs: { readonly [name: string]: OutputSpec };
  /** Checks beyond required inputs and types. Values may be UNKNOWN in a preview. */
  check?(inputs: Properties): CheckFailure[];
  create(inputs: Properties): Promise<Created>;
  /**
   * The actual state; `undefined` if the resource no longer exists. Without this function a refresh keeps the stored
   * state.
   */
  read?(id: string, state: Properties): Promise<Properties | undefined>;
  update?(id: string, state: Properties, inputs: Properties): Promise<Properties>;
  /** Outputs whose state alone requires a replacement, such as a certificate that is due for renewal. */
  overdue?(state: Properties, inputs: Properties): string[];
}

export interface Provider {
  readonly name: string;
  readonly resources: { readonly [token: string]: ResourceType };
}

export function typeProblem(spec: InputSpec, value: Value): string | undefined {
  const actual = Array.isArray(value) ? "list" : isObject(value) ? "object" : typeof value;
  const wanted = spec.type;
  // The official providers accept a number as a string, and the reverse, because Terraform converts them.
  if (actual === wanted) return undefined;
  if (wanted === "number" && actual === "string" && !Number.isNaN(Number(value))) return undefined;
  if (wanted === "string" && (actual === "number" || actual === "boolean")) return undefined;
  return `expected ${spec.type}, got ${actual}`;
}
