import { isObject, type Properties, type Value } from "../protocol/values";

/** The live object cut down to what the program declared: the server's defaults and other writers' fields are not ours to compare. */
export function pruned(live: Properties, declared: Properties): Properties {
  const result: Properties = {};
  for (const [key, wanted] of Object.entries(declared)) {
    const value = live[key];
    if (value !== undefined) result[key] = prunedValue(value, wanted);
  }
  return result;
}

function prunedValue(live: Value, declared: Value): Value {
  if (isObject(live) && isObject(declared)) return pruned(live, declared);
  if (!Array.isArray(live) || !Array.isArray(declared)) return live;
  if (live.length === 0 || declared.length === 0) return [];
  if (isObject(live[0]) !== isObject(declared[0])) return live;
  return declared.slice(0, live.length).map((wanted, index) => prunedValue(live[index] as Value, wanted));
}

/**
 * Inputs as they are after a refresh: what really is, of what was declared. What the server has never given back (such as a `false` that it
 * leaves out) stays as declared, since its absence says nothing.
 */
export function refreshedInputs(declared: Properties, liveBefore: Properties, live: Properties): Properties {
  return refreshed(declared, liveBefore, live) as Properties;
}

function refreshed(declared: Value, before: Value | undefined, live: Value): Value {
  if (isObject(declared) && isObject(live)) {
    const result: Properties = {};
    for (const [key, wanted] of Object.entries(declared)) {
      const earlier = isObject(before) ? before[key] : undefined;
      const now = live[key];
      if (now !== undefined) result[key] = refreshed(wanted, earlier, now);
      else if (earlier === undefined) result[key] = wanted;
    }
    return result;
  }
  if (Array.isArray(declared) && Array.isArray(live) && isObject(declared[0]) && isObject(live[0])) {
    return declared
      .slice(0, live.length)
      .map((wanted, index) =>
        refreshed(wanted, Array.isArray(before) ? before[index] : undefined, live[index] as Value),
      );
  }
  return prunedValue(live, declared);
}
