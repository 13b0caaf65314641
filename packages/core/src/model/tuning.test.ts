import * as fc from "fast-check";
import { TuningProfile } from "../spec";
import { parseBytes } from "../spec/units";
import { isKnownParameter } from "../rules/parameters/parameter-names";
import { tunedParameters } from "./tuning";

const MB = 1024 ** 2;
const GB = 1024 ** 3;
const size = (cpu: number, memory: number, disk: number) => ({ cpu, memoryBytes: memory, diskBytes: disk });
const columns = [
  "shared_buffers",
  "effective_cache_size",
  "maintenance_work_mem",
  "work_mem",
  "max_wal_size",
  "max_slot_wal_keep_size",
  "max_connections",
  "max_parallel_workers",
  "max_parallel_workers_per_gather",
];

test.each([
  ["oltp", size(1, GB, 8 * GB), "256MB 768MB 64MB 30MB 1638MB 2457MB 100 2 2"],
  ["oltp", size(1, 512 * MB, 8 * GB), "128MB 384MB 32MB 15MB 1638MB 2457MB 100 2 2"],
  ["oltp", size(8, 32 * GB, 200 * GB), "8192MB 24576MB 2048MB 64MB 40960MB 61440MB 500 4 2"],
  ["oltp", size(64, 256 * GB, 1024 * GB), "65536MB 196608MB 16384MB 131MB 209715MB 314572MB 500 32 13"],
  ["olap", size(64, 1024 * GB, 1024 * GB), "262144MB 786432MB 65536MB 1024MB 209715MB 314572MB 200 52 32"],
  ["crit", size(8, 32 * GB, 200 * GB), "8192MB 24576MB 2048MB 64MB 40960MB 61440MB 500 4 0"],
  ["tiny", size(64, 256 * GB, 8 * GB), "512MB 1536MB 128MB 61MB 1638MB 2457MB 100 2 0"],
] as const)("%s on %j", (profile, resources, expected) => {
  const tuned = tunedParameters(profile, resources, 17);
  expect(columns.map((name) => tuned[name]).join(" ")).toBe(expected);
});

test("parameters that a version lacks are not set", () => {
  expect(tunedParameters("oltp", size(1, GB, 8 * GB), 15)).not.toHaveProperty("vacuum_buffer_usage_limit");
  expect(tunedParameters("oltp", size(1, GB, 8 * GB), 17)).toHaveProperty("vacuum_buffer_usage_limit", "8MB");
});

test("the crit profile prefers durability to speed", () => {
  const crit = tunedParameters("crit", size(4, 8 * GB, 50 * GB), 17);
  expect(crit).toMatchObject({ synchronous_commit: "on", track_commit_timestamp: "on", checkpoint_timeout: "5min" });
});

const anySize = fc.record({
  cpu: fc.integer({ min: 1, max: 128 }),
  memoryBytes: fc.integer({ min: 512, max: 1024 ** 2 }).map((n) => n * MB),
  diskBytes: fc.integer({ min: 8, max: 1024 }).map((n) => n * GB),
});

test("on every size, concurrent work fits the memory and the write-ahead log fits the disk", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(TuningProfile)), anySize, (profile, resources) => {
      const tuned = tunedParameters(profile, resources, 17);
      const bytes = (name: string) => parseBytes(tuned[name] ?? "");
      const cpu = profile === TuningProfile.Tiny ? 1 : resources.cpu;
      const busy = Math.min(Number(tuned.max_connections), Math.max(25, 4 * cpu));
      expect(bytes("shared_buffers") + busy * bytes("work_mem")).toBeLessThanOrEqual(resources.memoryBytes);
      expect(bytes("shared_buffers") + bytes("effective_cache_size")).toBeLessThanOrEqual(resources.memoryBytes);
      expect(bytes("work_mem")).toBeLessThanOrEqual(GB);
      expect(bytes("max_wal_size") + bytes("max_slot_wal_keep_size")).toBeLessThanOrEqual(resources.diskBytes / 2);
      // PostgreSQL wants two segments at least.
      expect(bytes("min_wal_size")).toBeGreaterThanOrEqual(32 * MB);
      expect(Number(tuned.max_parallel_workers)).toBeLessThanOrEqual(Number(tuned.max_worker_processes));
      expect(Object.keys(tuned)).toEqual(Object.keys(tuned).sort());
      expect(tunedParameters(profile, { ...resources }, 17)).toEqual(tuned);
    }),
  );
});

test.each([15, 17])("PostgreSQL %d has every parameter that is set", (major) => {
  const names = Object.values(TuningProfile).flatMap((p) =>
    Object.keys(tunedParameters(p, size(4, GB, 8 * GB), major)),
  );
  expect(names.filter((name) => !isKnownParameter(name, String(major)))).toEqual([]);
});
