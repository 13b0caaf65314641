import type { ResourceType } from "./resource-type";
import {
  containsSecret,
  equal,
  isEmpty,
  plain,
  plainProperties,
  secret,
  UNKNOWN,
  type Properties,
  type Value,
} from "./values";

/** The outputs that a preview knows: inputs, and unknown for every computed value. */
export function plannedOutputs(type: ResourceType, inputs: Properties): Properties {
  const planned: Properties = stateOf(type, inputs);
  for (const [name, spec] of Object.entries(type.inputs)) {
    if (spec.computed && planned[name] === undefined) planned[name] = UNKNOWN;
  }
  for (const name of Object.keys(type.outputs)) planned[name] = UNKNOWN;
  return planned;
}

/** Inputs that are also properties of the resource, without bookkeeping and with the provider's defaults. */
export function stateOf(type: ResourceType, inputs: Properties): Properties {
  const state = Object.fromEntries(Object.entries(inputs).filter(([name]) => name in type.inputs));
  for (const [name, spec] of Object.entries(type.inputs)) {
    if (spec.otherwise !== undefined && state[name] === undefined) state[name] = spec.otherwise;
  }
  return state;
}

/** Marks secrets again: every value that came as a secret, and every value that the official schema declares secret. */
export function sealed(type: ResourceType, outputs: Properties, ...origins: Properties[]): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, sealedValue(type, name, value, origins)]),
  );
}

function sealedValue(type: ResourceType, name: string, value: Value, origins: Properties[]): Value {
  const spec = type.inputs[name] ?? type.outputs[name];
  if (spec?.secret && !isEmpty(value)) return secret(value);
  const origin = origins.map((properties) => properties[name]).find((v) => v !== undefined && containsSecret(v));
  if (origin === undefined) return value;
  // An unchanged value keeps its own, finer secret markers, so that a preview shows which element changed.
  return equal(plain(origin), value) ? origin : secret(value);
}

/** The inputs after a refresh: the program's inputs, with actual values for those that have drifted. */
export function refreshedInputs(type: ResourceType, inputs: Properties, state: Properties): Properties {
  if (Object.keys(inputs).length === 0) return importedInputs(type, state);
  const bare = plainProperties(inputs);
  const refreshed: Properties = { ...inputs };
  for (const name of Object.keys(type.inputs)) {
    if (bare[name] === undefined || equal(bare[name], state[name])) continue;
    const real = state[name];
    if (real === undefined) delete refreshed[name];
    else refreshed[name] = containsSecret(inputs[name] ?? null) ? secret(real) : real;
  }
  return refreshed;
}

/** After an import there are no inputs yet: uses every property that differs from its default. */
function importedInputs(type: ResourceType, state: Properties): Properties {
  const entries = Object.entries(type.inputs).flatMap(([name, spec]): [string, Value][] => {
    const value = state[name];
    const idle =
      value === undefined || equal(value, spec.otherwise) || (isEmpty(value) && spec.otherwise === undefined);
    return idle ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(entries), __defaults: [] };
}
