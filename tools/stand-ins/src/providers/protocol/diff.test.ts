import { diffResource } from "./diff";
import type { ResourceType } from "./resource-type";
import { UNKNOWN, type Properties } from "./values";

const type: ResourceType = {
  inputs: {
    name: { type: "string", replaces: true },
    size: { type: "number" },
    tags: { type: "list", replaces: true },
    options: { type: "object" },
    chosen: { type: "string", computed: true, replaces: true },
    limit: { type: "number", computed: true, otherwise: 5 },
  },
  outputs: {},
  create: () => Promise.reject(new Error("not here")),
};

const state: Properties = { name: "a", size: 1, tags: ["x", "y"], options: { k: "v" }, chosen: "by-engine", limit: 5 };

function diff(
  inputs: Properties,
  oldInputs: Properties = { name: "a", size: 1, tags: ["x", "y"], options: { k: "v" } },
) {
  const found = diffResource(type, state, oldInputs, inputs);
  return {
    ...found,
    changes: found.changes.map(({ path, kind, fromInput }) => `${kind} ${path} ${String(fromInput)}`),
  };
}

const same = { name: "a", size: 1, tags: ["x", "y"], options: { k: "v" } };

test.each<[string, Properties, { changes: string[]; replaces?: string[] }]>([
  ["nothing", same, { changes: [] }],
  ["a number", { ...same, size: 2 }, { changes: ["update size true"] }],
  ["a member of a list", { ...same, tags: ["x", "z"] }, { changes: ["update tags[1] true"], replaces: ["tags"] }],
  ["one more in a list", { ...same, tags: ["x", "y", "z"] }, { changes: ["add tags[2] true"], replaces: ["tags"] }],
  ["one less in a list", { ...same, tags: ["x"] }, { changes: ["delete tags[1] true"], replaces: ["tags"] }],
  [
    "keys of a map",
    { ...same, options: { "k.2": "v" } },
    { changes: ["delete options.k true", 'add options["k.2"] true'] },
  ],
  ["taken out", { name: "a", size: 1, tags: ["x", "y"] }, { changes: ["delete options true"] }],
  ["computed and equal", { ...same, chosen: "by-engine" }, { changes: [] }],
  ["computed and other", { ...same, chosen: "mine" }, { changes: ["add chosen true"], replaces: ["chosen"] }],
  ["not known yet", { ...same, name: UNKNOWN }, { changes: ["update name true"], replaces: ["name"] }],
  ["another than the provider's own default", { ...same, limit: 6 }, { changes: ["add limit true"] }],
])("%s", (_what, inputs, expected) => {
  expect(diff(inputs)).toMatchObject({ changes: expected.changes, replaces: expected.replaces ?? [] });
});

test("a difference from the state without a change of the program is drift", () => {
  expect(diff({ ...same, size: 3 }, { ...same, size: 3 }).changes).toEqual(["update size false"]);
});

test("taking a value out goes back to the provider's own default", () => {
  const found = diffResource(type, { ...state, limit: 9 }, { ...same, limit: 9 }, same);
  expect(found.changed).toEqual(["limit"]);
});
