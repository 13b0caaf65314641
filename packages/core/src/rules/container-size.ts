import { parseBytes } from "../spec/units";
import { show, type Row } from "./problem";
import { type Reader } from "./read";

/** Cores may be a fraction. */
export const cores: Reader<number> = (path, value, problems) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  problems.push({ path, message: `must be a number, got ${show(value)}` });
  return undefined;
};

/** What one container may have, by paths of fields: numbers are cores, texts are sizes of at least `least`. */
export function containerSizeRows(sizes: Record<string, number | string | undefined>, least: string): Row[] {
  return Object.entries(sizes).map(([path, value]) => {
    const isSize = typeof value === "string";
    const amount = isSize ? parseBytes(value) : (value ?? 0);
    const [min, max] = isSize ? [parseBytes(least), parseBytes("1TB")] : [0.01, 128];
    return {
      when: value !== undefined && !(amount >= min && amount <= max),
      path,
      message: isSize
        ? `must be a size with its unit kB, MB, GB or TB, from ${least} to 1TB, got ${show(value)}`
        : `must be a number of cores from 0.01 to 128, got ${show(value)}`,
    };
  });
}
