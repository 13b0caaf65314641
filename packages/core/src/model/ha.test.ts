import type { ClusterSpec } from "../spec";
import { resolveSpec } from "./resolve-spec";

const lag = (spec: ClusterSpec): number => resolveSpec("c", spec).maximumLag;

test("lag keeps nobody from being elected where commits wait for replicas", () => {
  expect(lag({})).toBeGreaterThan(1024 ** 4);
  expect(lag({ sync: "strict" })).toBeGreaterThan(1024 ** 4);
});

test("without that a megabyte does, or what is written", () => {
  expect(lag({ sync: "off" })).toBe(1024 ** 2);
  expect(lag({ members: 2 })).toBe(1024 ** 2);
  expect(lag({ sync: "off", maximumLagOnFailover: "16MB" })).toBe(16 * 1024 ** 2);
});

test("a stuck replica is made anew after five minutes, in every mode, unless something else is written", () => {
  expect(resolveSpec("c", { ha: "wide" }).ha.rebuildAfter).toBe(300);
  expect(resolveSpec("c", { haTimings: { rebuildAfter: 0 } }).ha.rebuildAfter).toBe(0);
});
