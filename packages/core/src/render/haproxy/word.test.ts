import * as fc from "fast-check";
import { parseLine } from "../../../../../test/support/parse-haproxy-line";
import { word } from "./word";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("'", '"', "\\", "#", "$", " ", "\n", "a", "x") }),
);

test("any text becomes exactly one argument", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      fc.pre(!a.includes("\0") && !b.includes("\0"));
      const line = `${word(a)} ${word(b)}`;
      expect(line).not.toMatch(/[\r\n]/);
      expect(parseLine(line)).toEqual([a, b]);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ["/read-only-sync?lag=1MB", "/read-only-sync?lag=1MB"],
  ["", "''"],
  ["a b", "'a b'"],
  ["it's", "'it'\\''s'"],
  ["a\nlisten x", "'a'\\x0a'listen x'"],
  ["$HOME", "'$HOME'"],
])("%j", (given, expected) => expect(word(given)).toBe(expected));

test("a NUL is refused", () => expect(() => word("a\0b")).toThrow("NUL"));
