import type { Json } from "./json-value";

/** The entries by key, so that the text depends only on values. Compared by code unit, without a locale. */
export const sortedEntries = <T>(record: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** The same value with all objects' keys in order. */
export function sortedDeep(value: Json): Json {
  if (Array.isArray(value)) return value.map(sortedDeep);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(sortedEntries(value).map(([key, inner]) => [key, sortedDeep(inner)]));
}
