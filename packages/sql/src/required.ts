/** What is there by now. Throws with its name where it is not: a fault of ours, never of a declaration's. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** The first of what always has one: the row of a query that gives one, a group, the problems of an error. */
export const first = <T>([one]: readonly T[]): T => required(one, "the only or first of a list");
