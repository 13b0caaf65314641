import { equal, isObject, UNKNOWN, type Properties, type Value } from "../protocol/values";
import { forceNewPaths, type Mutability } from "./force-new";
import { isAutonamed, nameOf, namespaceOf, valueAt, withMetadata, type KubeObject } from "./kube-object";
import { normalized } from "./normalize";
import { pruned } from "./prune";

export interface ObjectChange {
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  readonly replaces: boolean;
}

export interface ObjectDiff {
  readonly changes: ObjectChange[];
  readonly replaces: string[];
  readonly deleteBeforeReplace: boolean;
}

type Step = string | number;
type Found = { steps: Step[]; kind: ObjectChange["kind"]; after: Value | undefined };

/**
 * What the program wants against what was there when last looked at, cut down to what the program declared then. Comparing with the old inputs
 * instead would miss drift; comparing with all of the live object would show every default.
 */
export function diffObject(
  wanted: KubeObject,
  declared: KubeObject,
  live: KubeObject,
  options: Mutability,
  ignored: readonly string[] = [],
): ObjectDiff {
  const news = normalized(wanted);
  const olds = normalized(declared);
  let before = pruned(live, olds);
  // A name that was made up does not change when the program starts to write the same one.
  if (nameOf(news) !== "") before = withMetadata(before, "name", nameOf(live));
  const forced = forceNewPaths(news, options);
  const changes = changesIn([], before, news, olds)
    .filter(({ steps }) => !ignored.some((path) => covers(path, steps)))
    .map(({ steps, kind, after }) => ({
      path: pathText(steps),
      kind,
      replaces:
        forced.some((path) => touches(path, steps, after)) ||
        (kind === "delete" && steps[0] === "metadata" && steps.length === 1),
    }));
  const replaces = changes.filter((change) => change.replaces).map(({ path }) => path);
  return { changes, replaces, deleteBeforeReplace: replaces.length > 0 && keepsItsPlace(news, live) };
}

/** Two objects of one name cannot exist at once, so the old one goes first, unless the name was made up and the new one gets another. */
function keepsItsPlace(wanted: KubeObject, live: KubeObject): boolean {
  const name = valueAt(wanted, "metadata", "name");
  if (name === undefined || isAutonamed(wanted)) return false;
  return nameOf(wanted) === nameOf(live) && namespaceOf(wanted) === namespaceOf(live);
}

function changesIn(
  steps: Step[],
  before: Value | undefined,
  after: Value | undefined,
  declared: Value | undefined,
): Found[] {
  if (after === UNKNOWN) return [{ steps, kind: before === undefined ? "add" : "update", after }];
  if (after === undefined) return before === undefined ? [] : [{ steps, kind: "delete", after }];
  if (before === undefined) {
    // Declared just so before, and the server did not give it back: it is the same as nothing there.
    return equal(declared, after) && declared !== undefined ? [] : [{ steps, kind: "add", after }];
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesIn([...steps, key], before[key], after[key], childOf(declared, key)));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      changesIn([...steps, index], before[index], after[index], childOf(declared, index)),
    ).flat();
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ steps, kind: "update", after }];
}

function childOf(value: Value | undefined, key: Step): Value | undefined {
  return typeof key === "number"
    ? Array.isArray(value)
      ? value[key]
      : undefined
    : isObject(value)
      ? value[key]
      : undefined;
}

/** Whether the change at `steps` is at, below or (by what is put there) above the path that forces a replacement. */
function touches(forced: string[], steps: Step[], after: Value | undefined): boolean {
  const common = Math.min(forced.length, steps.length);
  for (let i = 0; i < common; i++) if (forced[i] !== "*" && forced[i] !== steps[i]) return false;
  return forced.length <= steps.length || contains(after, forced.slice(steps.length));
}

function contains(value: Value | undefined, path: string[]): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return value !== undefined;
  if (first === "*") return Array.isArray(value) && value.some((item) => contains(item, rest));
  return isObject(value) && contains((value as Properties)[first], rest);
}

function covers(ignored: string, steps: Step[]): boolean {
  const path = stepsOf(ignored);
  return path.length <= steps.length && path.every((step, index) => step === "*" || step === steps[index]);
}

/** `spec.ports[0]["a.b"]` in its steps. */
export function stepsOf(path: string): Step[] {
  const pattern = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g;
  return [...path.matchAll(pattern)].map(([, quoted, index, plain]) => {
    if (quoted !== undefined) return quoted.replace(/\\"/g, '"');
    if (index !== undefined) return index === "*" ? "*" : Number(index);
    return plain as string;
  });
}

function pathText(steps: Step[]): string {
  let text = "";
  for (const step of steps) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[."[\]]/.test(step)) text += `["${step.replace(/"/g, '\\"')}"]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
