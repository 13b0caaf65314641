import * as fc from "fast-check";
import { parse } from "yaml";
import type { Json } from "./json-value";
import { toYaml } from "./yaml";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "on",
    "1_000",
    "12:30:45",
    "2026-01-01",
    "~",
    "",
    " a ",
    "a: b",
    "# x",
    "- x",
    "\u0085",
    "\u{1f600}",
    "\\n",
    "<<",
  ),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(text, tie("value"), { noNullPrototype: true, maxKeys: 4 }),
  ),
})).value;

test.each(["1.1", "1.2"] as const)("whatever the value, YAML %s reads it back", (version) => {
  fc.assert(
    fc.property(fc.dictionary(text, json, { noNullPrototype: true, maxKeys: 4 }), (value) => {
      expect(parse(toYaml(value), { version, maxAliasCount: 0, merge: false })).toEqual(value);
    }),
    { numRuns: 150 },
  );
});

test("only printable ASCII, whatever the value", () => {
  fc.assert(
    fc.property(fc.dictionary(text, json, { maxKeys: 4 }), (value) =>
      expect(toYaml(value)).toMatch(/^[\n\x20-\x7e]*$/),
    ),
  );
});

test("keys in order at every depth, with a banner", () => {
  expect(toYaml({ b: { d: 1, c: ["x", { z: false, y: "no" }] }, a: {} })).toBe(
    [
      "# Made by pgharbor. A change made here is lost: change the program and run `pulumi up`.",
      "a: {}",
      "b:",
      "  c:",
      '  - "x"',
      '  - "y": "no"',
      "    z: false",
      "  d: 1",
      "",
    ].join("\n"),
  );
});
