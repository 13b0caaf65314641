import { isObject, type Properties, type Value } from "./values";

/** One input of a resource, as the official schema and the provider behind it define it. */
export interface InputSpec {
  readonly type: "string" | "number" | "boolean" | "list" | "object";
  readonly required?: boolean;
  /** A change replaces the resource. Without it a change updates in place. */
  readonly replaces?: boolean;
  /** The provider fills it when the program does not: unknown in a preview of a creation, and no difference when it is taken out. */
  readonly computed?: boolean;
  readonly secret?: boolean;
  /** What the output is when the program gives no value; it does not show among the inputs. */
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

/** A resource type of a stand-in, which is made of numbers alone and needs no deletion. All values are plain here: the server handles secrets. */
export interface ResourceType {
  readonly inputs: { readonly [name: string]: InputSpec };
  readonly outputs: { readonly [name: string]: OutputSpec };
  /** Problems beyond required and type. Values may be UNKNOWN in a preview. */
  check?(inputs: Properties): CheckFailure[];
  create(inputs: Properties): Promise<Created>;
  /** The state as it really is; `undefined` when the thing is gone. Without it a refresh keeps what is stored. */
  read?(id: string, state: Properties): Promise<Properties | undefined>;
  update?(id: string, state: Properties, inputs: Properties): Promise<Properties>;
  /** Outputs whose state alone asks for a replacement, such as a certificate that is due for renewal. */
  overdue?(state: Properties, inputs: Properties): string[];
}

export interface Provider {
  readonly name: string;
  readonly resources: { readonly [token: string]: ResourceType };
}

export function typeProblem(spec: InputSpec, value: Value): string | undefined {
  const actual = Array.isArray(value) ? "list" : isObject(value) ? "object" : typeof value;
  const wanted = spec.type;
  // A number in a string (and the reverse) passes in the official providers: Terraform converts it.
  if (actual === wanted) return undefined;
  if (wanted === "number" && actual === "string" && !Number.isNaN(Number(value))) return undefined;
  if (wanted === "string" && (actual === "number" || actual === "boolean")) return undefined;
  return `expected ${spec.type}, got ${actual}`;
}
