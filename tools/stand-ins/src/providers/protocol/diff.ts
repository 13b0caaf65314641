import type { InputSpec, ResourceType } from "./resource-type";
import { containsUnknown, equal, isEmpty, isObject, type Properties, type Value } from "./values";

export type ChangeKind = "add" | "delete" | "update";

export interface Change {
  readonly path: string;
  readonly kind: ChangeKind;
  readonly replaces: boolean;
  /** The program changed it; otherwise the actual state has drifted from the program. */
  readonly fromInput: boolean;
}

export interface ResourceDiff {
  readonly changes: Change[];
  /** Top-level names. */
  readonly changed: string[];
  readonly replaces: string[];
}

/** Plans an update: compares the new inputs with the stored state, property by property. */
export function diffResource(
  type: ResourceType,
  state: Properties,
  oldInputs: Properties,
  inputs: Properties,
): ResourceDiff {
  const changes: Change[] = [];
  const changed: string[] = [];
  const replaces: string[] = [];
  for (const [name, spec] of Object.entries(type.inputs)) {
    if (!differs(spec, inputs[name], state[name], oldInputs[name])) continue;
    changed.push(name);
    if (spec.replaces) replaces.push(name);
    const fromInput = !equal(inputs[name], oldInputs[name]);
    const before = fromInput ? oldInputs[name] : state[name];
    changes.push(...changesOf(name, spec, before, inputs[name], fromInput));
  }
  for (const name of type.overdue?.(state, inputs) ?? []) {
    changed.push(name);
    replaces.push(name);
    changes.push({ path: name, kind: "update", replaces: true, fromInput: false });
  }
  return { changes, changed, replaces };
}

function differs(spec: InputSpec, wanted: Value | undefined, actual: Value | undefined, before: Value | undefined) {
  if (containsUnknown(wanted)) return true;
  if (wanted !== undefined) return !equal(wanted, actual);
  if (spec.otherwise !== undefined && actual !== undefined) return !equal(spec.otherwise, actual);
  const takenOut = before !== undefined && !spec.computed;
  return takenOut && !isEmpty(actual);
}

function changesOf(
  path: string,
  spec: InputSpec,
  before: Value | undefined,
  after: Value | undefined,
  fromInput: boolean,
): Change[] {
  const found = nestedChanges(path, before, after);
  const all = found.length > 0 ? found : [{ path, kind: "update" as const }];
  return all.map((change) => ({ ...change, replaces: spec.replaces ?? false, fromInput }));
}

type Found = { path: string; kind: ChangeKind };

function nestedChanges(path: string, before: Value | undefined, after: Value | undefined): Found[] {
  if (equal(before, after)) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => nestedChanges(`${path}[${i}]`, before[i], after[i])).flat();
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => nestedChanges(pathOf(path, key), before[key], after[key]));
  }
  return [{ path, kind: "update" }];
}

function pathOf(parent: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${parent}.${key}` : `${parent}[${JSON.stringify(key)}]`;
}
