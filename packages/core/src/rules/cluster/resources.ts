import type { ResourcesSpec } from "../../spec";
import { parseBytes } from "../../spec/units";
import { show, type Problem } from "../../errors";
import type { Read } from "../../read/read";

const limits = {
  memory: { min: "512MB", max: "1TB" },
  disk: { min: "8GB", max: "1TB" },
} as const;

export function checkResources(resources: Read<ResourcesSpec> = {}): Problem[] {
  return (["memory", "disk"] as const).flatMap((field): Problem[] => {
    const value = resources[field];
    const { min, max } = limits[field];
    if (value === undefined) return [];
    const bytes = parseBytes(value);
    const range = `from ${min} to ${max}`;
    const path = `resources.${field}`;
    if (Number.isNaN(bytes)) {
      return [{ path, message: `must be a size with its unit kB, MB, GB or TB, ${range}, got ${show(value)}` }];
    }
    const inRange = bytes >= parseBytes(min) && bytes <= parseBytes(max);
    return inRange ? [] : [{ path, message: `must be ${range}, got ${show(value)}` }];
  });
}
