import { megabytes, parseBytes, parseDuration, sizeInWords } from "./units";

test.each([
  ["512MB", 512 * 1024 ** 2],
  ["1.5GB", 1.5 * 1024 ** 3],
  ["1 TB", 1024 ** 4],
  ["8kB", 8192],
])("%s is %d bytes", (text, bytes) => expect(parseBytes(text)).toBe(bytes));

test.each([
  ["16GB", 16 * 1024 ** 3],
  ["1536MB", 1536 * 1024 ** 2],
  ["2TB", 2 * 1024 ** 4],
  ["9765625kB", 1e10],
  ["1kB", 1],
])("in words, %s is what can be given for it", (text, bytes) => {
  expect(sizeInWords(bytes)).toBe(text);
  expect(parseBytes(text)).toBeGreaterThanOrEqual(bytes);
});

test.each([
  "",
  "1",
  "MB",
  "-1MB",
  "1Mi",
  "1e3MB",
  "1MB ",
  "1MB\n",
  "١MB",
  "9999999999TB",
  "0.3B",
  "1constructor",
  "1 toString",
])("%p is no size", (text) => expect(parseBytes(text)).toBeNaN());

test.each([
  ["1h", 3_600_000],
  ["90s", 90_000],
  ["30min", 1_800_000],
  ["1d", 86_400_000],
  ["250ms", 250],
])("%s is %d milliseconds", (text, ms) => expect(parseDuration(text)).toBe(ms));

test.each(["1m", "1 hour", "h", "1H", "-1h"])("%p is no duration", (text) => expect(parseDuration(text)).toBeNaN());

test("sizes for PostgreSQL are whole megabytes", () => {
  expect([1, 1.9 * 1024 ** 2, 1024 ** 4].map(megabytes)).toEqual(["1MB", "1MB", "1048576MB"]);
});
