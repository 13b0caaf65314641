import { parseBytes } from "../../spec/units";
import { show, type Row } from "../../errors";
import type { Reader } from "../../read/read";

/** Cores may be a fraction. */
export const cores: Reader<number> = (path, value, problems) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  problems.push({ path, message: `must be a number, got ${show(value)}` });
  return undefined;
};

/** Cores of one container. */
export const coresRow = (path: string, value: number | undefined): Row => ({
  when: value !== undefined && !(value >= 0.01 && value <= 128),
  path,
  message: `must be a number of cores from 0.01 to 128, got ${show(value)}`,
});

/** Memory of one container. */
export function memoryRow(path: string, value: string | undefined, least: string): Row {
  const bytes = value === undefined ? undefined : parseBytes(value);
  return {
    when: bytes !== undefined && !(bytes >= parseBytes(least) && bytes <= parseBytes("1TB")),
    path,
    message: `must be a size with its unit kB, MB, GB or TB, from ${least} to 1TB, got ${show(value)}`,
  };
}
