/** Leaves out fields that are set to undefined, which would override defaults in a spread. */
export function definedOnly<T extends object>(values: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, v]) => v !== undefined)) as Partial<T>;
}

/** Without the items that could not be read. */
export const definedItems = <T>(items: readonly (T | undefined)[]): T[] => items.filter((item) => item !== undefined);
