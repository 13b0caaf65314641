import { inspect } from "node:util";

/** Runs a program once for all tests of a file with the same arguments. */
export function remembered<Args extends unknown[], Made>(make: (...args: Args) => Promise<Made>) {
  const made = new Map<string, Promise<Made>>();
  return (...args: Args): Promise<Made> => {
    const key = inspect(args, { depth: null });
    const found = made.get(key) ?? make(...args);
    made.set(key, found);
    return found;
  };
}
