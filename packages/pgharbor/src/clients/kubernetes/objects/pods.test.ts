import { isWithinGracePeriod } from "./pods";

const KILLED_AT = "2030-01-01T00:16:00Z";
const leaving = { metadata: { name: "shop-m1-0", deletionTimestamp: new Date(KILLED_AT) } };
const after = (seconds: number) => Date.parse(KILLED_AT) + seconds * 1000;

test.each([
  [-900, true],
  [59, true],
  [61, false],
])("%d s after its grace has ended, a pod that leaves has time: %p", (seconds, expected) => {
  expect(isWithinGracePeriod(leaving, after(seconds))).toBe(expected);
});

test("a pod that is not being replaced has no successor to wait for", () => {
  expect(isWithinGracePeriod({ metadata: { name: "shop-m1-0" } }, after(0))).toBe(false);
});
