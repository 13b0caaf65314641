import type { ClusterSpec } from "../spec";
import { resolveSpec } from "./resolve-spec";

const lag = (spec: ClusterSpec): number => resolveSpec("c", spec).maximumLag;

test("lag prevents no election if commits wait for replicas", () => {
  expect(lag({})).toBeGreaterThan(1024 ** 4);
  expect(lag({ sync: "strict" })).toBeGreaterThan(1024 ** 4);
});

test("without that, a lag above one megabyte, or the given value, prevents it", () => {
  expect(lag({ sync: "off" })).toBe(1024 ** 2);
  expect(lag({ members: 2 })).toBe(1024 ** 2);
  expect(lag({ sync: "off", maximumLagOnFailover: "16MB" })).toBe(16 * 1024 ** 2);
});

test("a stuck replica is created again after five minutes in every mode, unless another time is given", () => {
  expect(resolveSpec("c", { ha: "wide" }).ha.rebuildAfter).toBe(300);
  expect(resolveSpec("c", { haTimings: { rebuildAfter: 0 } }).ha.rebuildAfter).toBe(0);
});
