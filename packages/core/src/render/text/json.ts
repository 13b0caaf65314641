import type { Json } from "./json-value";
import { sortedDeep } from "./sorted";

/** A JSON file. The format has no comments, so there is no banner. */
export const toJson = (value: { [key: string]: Json }): string => `${JSON.stringify(sortedDeep(value), null, 2)}\n`;
