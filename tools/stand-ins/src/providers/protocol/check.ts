import { typeProblem, type CheckFailure, type ResourceType } from "./resource-type";
import { plain, UNKNOWN, type Properties } from "./values";

export interface Checked {
  readonly inputs: Properties;
  readonly failures: CheckFailure[];
}

/** Returns invalid inputs. Secrets in `news` stay secret. */
export function checkInputs(type: ResourceType, news: Properties): Checked {
  const given = Object.entries(news).filter(([, value]) => value !== null);
  // The bridge under the official providers records defaulted inputs under this name. Pulumi's display hides it.
  const inputs: Properties = { ...Object.fromEntries(given), __defaults: [] };
  return { inputs, failures: failuresOf(type, inputs) };
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
