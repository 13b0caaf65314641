import { isObject, under, unknownFields, type Problem } from "@pgharbor/core";

/** The names of all arguments of a type. The compiler refuses a missing or an unknown name. */
export type ArgNames<T> = Record<keyof T, true>;

interface KnownArgs<T> {
  /** The known arguments. Their values may still be of any type. */
  known: T;
  problems: Problem[];
}

/**
 * Separates known arguments from unknown ones, which a program that is not type-checked may pass. `path`: the path of a nested object.
 */
export function knownArgs<T extends object>(args: T, names: ArgNames<T>, path = ""): KnownArgs<T> {
  if (!isObject(args)) {
    const message = `must be an object; write {} if there is nothing to set`;
    return { known: {} as T, problems: [{ path: path || "args", message }] };
  }
  const keys = Object.keys(names);
  const known = Object.fromEntries(Object.entries(args).filter(([key]) => keys.includes(key))) as T;
  return { known, problems: unknownFields(path, args, keys) };
}

/** The same for each object of a map. The program chooses the keys. */
export function knownEntries<T extends object>(
  map: Record<string, T> | undefined,
  names: ArgNames<T>,
  path: string,
): { known: Record<string, T>; problems: Problem[] } {
  if (map === undefined) return { known: {}, problems: [] };
  if (!isObject(map)) return { known: {}, problems: [{ path, message: "must be an object; name each entry" }] };
  const read = Object.entries(map).map(([key, one]) => [key, knownArgs(one, names, under(path, key))] as const);
  return {
    known: Object.fromEntries(read.map(([key, { known }]) => [key, known])),
    problems: read.flatMap(([, { problems }]) => problems),
  };
}
