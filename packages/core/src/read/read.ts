/**
 * First pass over the program's values: types, ranges, unknown and missing fields. A program in YAML or plain JavaScript may pass anything,
 * so the rules get a copy with only the values of the right type.
 */
import { nearest } from "./nearest";
import { under, show, type Problem } from "../errors";

/** A specification without values of the wrong type: types are certain, presence is not. */
export type Read<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer U)[]
    ? (Read<U> | undefined)[]
    : T extends object
      ? string extends keyof T
        ? { [K in keyof T]: Read<T[K]> }
        : { [K in keyof T]?: Read<NonNullable<T[K]>> }
      : T;

/** Adds problems to `problems`; returns undefined if no part of the value can be used. */
export type Reader<T> = (path: string, value: unknown, problems: Problem[]) => Read<T> | undefined;

/** Lists and objects are named, not shown, because they may contain secrets. */
const got = (value: unknown): string =>
  Array.isArray(value) ? "a list" : typeof value === "object" && value !== null ? "an object" : show(value);
const reject = (problems: Problem[], path: string, message: string): undefined => {
  problems.push({ path, message });
};

export const text: Reader<string> = (path, value, problems) => {
  if (typeof value === "string") return value;
  const quotes = typeof value === "number" || typeof value === "boolean" ? "; write it in quotes" : "";
  return reject(problems, path, `must be a string, got ${got(value)}${quotes}`);
};

export const flag: Reader<boolean> = (path, value, problems) => {
  if (typeof value === "boolean") return value;
  return reject(problems, path, `must be true or false, got ${got(value)}`);
};

const isWholeText = (value: unknown): boolean => typeof value === "string" && /^\d{1,15}$/.test(value);

export function whole(min: number, max: number): Reader<number> {
  return (path, value, problems) => {
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
    const unquote = isWholeText(value) ? "; write it without quotes" : "";
    return reject(problems, path, `must be a whole number from ${min} to ${max}, got ${got(value)}${unquote}`);
  };
}

/** Like `whole`, for a number that other rules depend on: they get the nearest number in range, so that it causes no further problem. */
export function wholeOrNearest(min: number, max: number): Reader<number> {
  const exact = whole(min, max);
  return (path, value, problems) => {
    const number = isWholeText(value) ? Number(value) : value;
    const nearest = typeof number === "number" ? Math.min(max, Math.max(min, Math.round(number))) : NaN;
    return exact(path, value, problems) ?? (Number.isNaN(nearest) ? undefined : nearest);
  };
}

/** A number of cores, which may be a fraction. */
export const cores: Reader<number> = (path, value, problems) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  problems.push({ path, message: `must be a number, got ${show(value)}` });
  return undefined;
};

export function oneOf<T extends string>(choices: readonly T[]): Reader<T> {
  return (path, value, problems) => {
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found as Read<T>;
    // YAML reads `off` as false.
    const quotes = typeof value === "boolean" ? "; write it in quotes" : "";
    return reject(problems, path, `must be one of ${choices.join(", ")}, got ${got(value)}${quotes}`);
  };
}

export function listOf<T>(item: Reader<T>): Reader<T[]> {
  return (path, value, problems) => {
    if (!Array.isArray(value)) return reject(problems, path, `must be a list, got ${got(value)}`);
    const read = Array.from(value as unknown[], (v, i) => item(under(path, i), v, problems));
    return read;
  };
}

export function mapOf<T>(item: Reader<T>): Reader<Record<string, T>> {
  return (path, value, problems) => {
    if (!isObject(value)) return reject(problems, path, `must be an object, got ${got(value)}`);
    const read = entries(value).map(([key, v]) => [key, item(under(path, key), v, problems)] as const);
    // fromEntries defines a property `__proto__`; an assignment would change the prototype.
    return Object.fromEntries(read.filter(([, v]) => v !== undefined)) as Read<Record<string, T>>;
  };
}

/** An object of known fields; the compiler reports missing ones. `others`: fields that another check reads. */
export function fields<T extends object>(
  readers: { [K in keyof T]-?: Reader<NonNullable<T[K]>> },
  required: readonly (keyof T & string)[] = [],
  others: readonly string[] = [],
): Reader<T> {
  return (path, value, problems) => {
    if (!isObject(value)) return reject(problems, path || "spec", `must be an object, got ${got(value)}`);
    const known = Object.keys(readers) as (keyof T & string)[];
    const read: { [key: string]: unknown } = {};
    for (const key of known) {
      const v = Object.hasOwn(value, key) ? value[key] : undefined;
      const one = v === undefined ? undefined : readers[key](under(path, key), v, problems);
      if (one !== undefined) read[key] = one;
      if (v === undefined && required.includes(key))
        reject(problems, under(path, key), "is missing; it has no default");
    }
    problems.push(...unknownFields(path, value, known, others));
    return read as Read<T>;
  };
}

/** One problem for each unknown field. `others` are accepted, but not suggested. */
export function unknownFields(
  path: string,
  value: object,
  known: readonly string[],
  others: readonly string[] = [],
): Problem[] {
  return entries(value as Record<string, unknown>)
    .filter(([key]) => !known.includes(key) && !others.includes(key))
    .map(([key]) => {
      const suggestion = nearest(key, known);
      const fix = suggestion === undefined ? "fields" : `did you mean ${suggestion}? Fields`;
      return { path: under(path, key), message: `is not a field; ${fix} here are ${known.join(", ")}` };
    });
}

/** Like `read`, for an object with exactly one field. A field that cannot be read counts as given. */
export function exactlyOne<T extends object>(read: Reader<T>, choices: readonly (keyof T & string)[]): Reader<T> {
  return (path, value, problems) => {
    const keys = isObject(value) ? entries(value).map(([key]) => key) : choices.slice(0, 1);
    const given = choices.filter((choice) => keys.includes(choice));
    if (keys.length === 0) reject(problems, path, `is empty; give exactly one of ${choices.join(", ")}`);
    if (given.length > 1)
      reject(problems, path, `must have only one of ${choices.join(", ")}, got ${given.join(" and ")}; leave one out`);
    return read(path, value, problems);
  };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const entries = (value: Record<string, unknown>) => Object.entries(value).filter(([, v]) => v !== undefined);
