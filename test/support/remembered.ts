import { inspect } from "node:util";

/** What was made from the same arguments: one program for all tests of a file that want the same one. */
export function remembered<Args extends unknown[], Made>(make: (...args: Args) => Promise<Made>) {
  const made = new Map<string, Promise<Made>>();
  return (...args: Args): Promise<Made> => {
    const key = inspect(args, { depth: null });
    const found = made.get(key) ?? make(...args);
    made.set(key, found);
    return found;
  };
}
