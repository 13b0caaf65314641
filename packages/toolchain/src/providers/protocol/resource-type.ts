import { equal, isObject, type Properties, type Value } from "./values";

/** One input of a resource, as the official schema and the provider behind it define it. */
export interface InputSpec {
  readonly type: "string" | "number" | "boolean" | "list" | "set" | "map" | "object";
  readonly required?: boolean;
  readonly default?: Value;
  /** A change replaces the resource. Without it a change updates in place. */
  readonly replaces?: boolean;
  /** The provider fills it when the program does not: unknown in a preview of a creation, and no difference when it is taken out. */
  readonly computed?: boolean;
  readonly secret?: boolean;
  /** What the output is when the program gives no value; unlike `default` it does not show among the inputs. */
  readonly otherwise?: Value;
  /** Equal in the provider's eyes though not letter by letter. */
  readonly same?: (wanted: Value, actual: Value | undefined) => boolean;
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

export interface OperationContext {
  readonly urn: string;
  readonly name: string;
  /** Seconds of the resource's `customTimeouts`; 0 when the program gave none. */
  readonly timeout: number;
}

/** A resource type of a stand-in. All values are plain here: the server takes secrets apart and puts them together again. */
export interface ResourceType {
  readonly inputs: { readonly [name: string]: InputSpec };
  readonly outputs: { readonly [name: string]: OutputSpec };
  /** The official provider makes a name up (`<name>-<7 hex digits>`) when the program gives none. */
  readonly autoName?: boolean;
  /** Problems beyond required and type. Values may be UNKNOWN in a preview. */
  check?(inputs: Properties): CheckFailure[];
  /** Refines what a preview of a creation shows, for outputs that are part of an input. */
  plan?(planned: Properties): Properties;
  create(inputs: Properties, context: OperationContext): Promise<Created>;
  /** The state as it really is; `undefined` when the thing is gone. Without it a refresh keeps what is stored. */
  read?(id: string, state: Properties): Promise<Properties | undefined>;
  update?(id: string, state: Properties, inputs: Properties, context: OperationContext): Promise<Properties>;
  delete?(id: string, state: Properties, context: OperationContext): Promise<void>;
  /** Outputs whose state alone asks for a replacement, such as a certificate that is due for renewal. */
  overdue?(state: Properties, inputs: Properties): string[];
}

export interface Provider {
  readonly name: string;
  readonly resources: { readonly [token: string]: ResourceType };
  checkConfig?(config: Properties): CheckFailure[];
  /** Config keys whose change makes everything of this provider a replacement. */
  readonly replacingConfig?: readonly string[];
  configure?(config: Properties): void | Promise<void>;
}

export function isSame(spec: InputSpec, wanted: Value | undefined, actual: Value | undefined): boolean {
  if (equal(wanted, actual)) return true;
  if (wanted === undefined || wanted === null) return false;
  if (spec.same) return spec.same(wanted, actual);
  if (spec.type === "set") return sameSet(wanted, actual);
  return false;
}

/** Whether each has its partner in the other. `same` always gets the wanted one first. */
export function sameSet(
  wanted: Value | undefined,
  actual: Value | undefined,
  same: (wanted: Value, actual: Value) => boolean = equal,
): boolean {
  const left = Array.isArray(wanted) ? wanted : [];
  const right = Array.isArray(actual) ? actual : [];
  if (left.length !== right.length) return false;
  return (
    left.every((item) => right.some((other) => same(item, other))) &&
    right.every((other) => left.some((item) => same(item, other)))
  );
}

export function typeProblem(spec: InputSpec, value: Value): string | undefined {
  const actual = Array.isArray(value) ? "list" : isObject(value) ? "object" : typeof value;
  const wanted = spec.type === "set" ? "list" : spec.type === "map" ? "object" : spec.type;
  // A number in a string (and the reverse) passes in the official providers: Terraform converts it.
  if (actual === wanted) return undefined;
  if (wanted === "number" && actual === "string" && !Number.isNaN(Number(value))) return undefined;
  if (wanted === "string" && (actual === "number" || actual === "boolean")) return undefined;
  return `expected ${spec.type}, got ${actual}`;
}
