import type { Json } from "./json-value";
import { sortedDeep } from "./sorted";

/** A JSON file; its format has no comments, hence no banner. */
export const toJson = (value: { [key: string]: Json }): string => `${JSON.stringify(sortedDeep(value), null, 2)}\n`;
