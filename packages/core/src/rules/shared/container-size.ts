import { parseBytes } from "../../spec/units";
import { show, type Row } from "../../errors";

export const coresRow = (path: string, value: number | undefined): Row => ({
  when: value !== undefined && !(value >= 0.01 && value <= 128),
  path,
  message: `must be a number of cores from 0.01 to 128, got ${show(value)}`,
});

export function memoryRow(path: string, value: string | undefined, least: string): Row {
  const bytes = value === undefined ? undefined : parseBytes(value);
  return {
    when: bytes !== undefined && !(bytes >= parseBytes(least) && bytes <= parseBytes("1TB")),
    path,
    message: `must be a size with its unit kB, MB, GB or TB, from ${least} to 1TB, got ${show(value)}`,
  };
}
