/** The first of what always has one: the row of a query that gives one, a group, the problems of an error. */
export function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error("nothing is where there is always something");
  return one;
}
