import { isSame } from "../protocol/resource-type";
import type { Value } from "../protocol/values";
import { containerInputs } from "./container-inputs";
import { formatDuration, parseDuration } from "./durations";

test.each<[string, Value, Value, boolean]>([
  ["ports", [{ internal: 80 }], [{ internal: 80, external: 32768, ip: "0.0.0.0", protocol: "tcp" }], true],
  [
    "ports",
    [{ internal: 80, external: 8080 }],
    [{ internal: 80, external: 32768, ip: "0.0.0.0", protocol: "tcp" }],
    false,
  ],
  [
    "ports",
    [{ internal: 80, ip: "127.0.0.1" }],
    [{ internal: 80, external: 1, ip: "0.0.0.0", protocol: "tcp" }],
    false,
  ],
  [
    "ports",
    [{ internal: 80 }, { internal: 81 }],
    [
      { internal: 81, external: 2 },
      { internal: 80, external: 1 },
    ],
    true,
  ],
  ["ports", [{ internal: 80 }, { internal: 81 }], [{ internal: 80, external: 1 }], false],
  ["networksAdvanced", [{ name: "n", aliases: ["a", "b"] }], [{ name: "n", aliases: ["b", "a"] }], true],
  ["networksAdvanced", [{ name: "n", aliases: ["a"] }], [{ name: "n", aliases: ["a", "b"] }], false],
  [
    "healthcheck",
    { tests: ["CMD", "true"], interval: "60s" },
    { tests: ["CMD", "true"], interval: "1m0s", retries: 0 },
    true,
  ],
  ["healthcheck", { tests: ["CMD", "true"], interval: "5s" }, { tests: ["CMD", "true"], interval: "6s" }, false],
  ["capabilities", { drops: ["NET_RAW"] }, { drops: ["CAP_NET_RAW"] }, true],
  ["capabilities", { drops: ["ALL"] }, { adds: ["CHOWN"], drops: ["ALL"] }, false],
  ["cpus", "0.5", "0.50", true],
  ["user", "", "postgres", true],
  ["user", "root", "postgres", false],
  ["command", ["a", "b"], ["b", "a"], false],
  ["envs", ["A=1", "B=2"], ["B=2", "A=1"], true],
])("%s: %j as %j is the same: %s", (input, wanted, actual, expected) => {
  expect(isSame(containerInputs[input] as NonNullable<(typeof containerInputs)[string]>, wanted, actual)).toBe(
    expected,
  );
});

test.each([
  ["0s", 0],
  ["1m30s", 90e9],
  ["1h0m0s", 3600e9],
  ["250ms", 250e6],
  ["1.5s", 1.5e9],
])("the duration %s", (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds);
  expect(formatDuration(nanoseconds)).toBe(text);
});

test("what is no duration", () => {
  for (const text of ["5", "5 s", "abc", "-1s"]) expect(parseDuration(text)).toBeNaN();
});
