/** Returns a value that must be known by now. A missing value is a bug of pgharbor, so the error only names it. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** The first item of a non-empty list: the row of a query that returns one, a group, an error's problems. */
export const first = <T>([one]: readonly T[]): T => required(one, "the only or first of a list");
