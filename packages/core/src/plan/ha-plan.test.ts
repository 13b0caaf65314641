import { planHa, planMaximumLag } from "./ha-plan";

test("lag keeps nobody from being elected where commits wait for replicas", () => {
  expect(planMaximumLag({})).toBeGreaterThan(1024 ** 4);
  expect(planMaximumLag({ sync: "strict" })).toBeGreaterThan(1024 ** 4);
});

test("without that a megabyte does, or what is written", () => {
  expect(planMaximumLag({ sync: "off" })).toBe(1024 ** 2);
  expect(planMaximumLag({ members: 2 })).toBe(1024 ** 2);
  expect(planMaximumLag({ sync: "off", maximumLagOnFailover: "16MB" })).toBe(16 * 1024 ** 2);
});

test("a stuck replica is made anew after five minutes, in every mode, unless something else is written", () => {
  expect(planHa({ ha: "wide" }).rebuildAfter).toBe(300);
  expect(planHa({ haTimings: { rebuildAfter: 0 } }).rebuildAfter).toBe(0);
});
