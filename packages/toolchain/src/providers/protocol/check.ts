import { createHash, randomBytes } from "node:crypto";
import { typeProblem, type CheckFailure, type ResourceType } from "./resource-type";
import { plain, UNKNOWN, type Properties } from "./values";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

/** Fills defaults and names, and finds what cannot be. `news` may hold secrets: they pass through as they came. */
export function checkInputs(
  type: ResourceType,
  name: string,
  olds: Properties,
  news: Properties,
  seed: Uint8Array,
): Checked {
  const inputs: Properties = { ...news };
  // The bridge that the official providers are built with notes what it filled in, under this name; Pulumi's display hides it.
  const filled: string[] = [];
  for (const [property, spec] of Object.entries(type.inputs)) {
    if (inputs[property] === null) delete inputs[property];
    if (inputs[property] !== undefined || spec.default === undefined) continue;
    inputs[property] = spec.default;
    filled.push(property);
  }
  if (type.autoName && inputs.name === undefined) {
    const kept = wasFilled(olds, "name") ? olds.name : undefined;
    inputs.name = kept ?? `${name}-${hexSuffix(seed)}`;
    filled.push("name");
  }
  inputs.__defaults = filled;
  return { inputs, failures: failuresOf(type, inputs) };
}

function wasFilled(inputs: Properties, name: string): boolean {
  return Array.isArray(inputs.__defaults) && inputs.__defaults.includes(name);
}

/** The engine's seed makes a preview and the update after it agree on the name. */
function hexSuffix(seed: Uint8Array): string {
  const source = seed.length > 0 ? createHash("sha256").update(seed).digest() : randomBytes(4);
  return source.toString("hex").slice(0, 7);
}

function failuresOf(type: ResourceType, inputs: Properties): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const bare: Properties = {};
  for (const [property, value] of Object.entries(inputs)) {
    if (property === "__defaults") continue;
    const spec = type.inputs[property];
    if (!spec) {
      failures.push({ property, reason: `unknown property; known are ${Object.keys(type.inputs).sort().join(", ")}` });
      continue;
    }
    bare[property] = plain(value);
    const problem = bare[property] === UNKNOWN ? undefined : typeProblem(spec, bare[property]);
    if (problem) failures.push({ property, reason: problem });
  }
  for (const [property, spec] of Object.entries(type.inputs)) {
    if (spec.required && bare[property] === undefined) failures.push({ property, reason: "missing required property" });
  }
  return failures.length > 0 ? failures : (type.check?.(bare) ?? []);
}
