import { checkInputs } from "./check";
import type { ResourceType } from "./resource-type";
import { secret, UNKNOWN, type Properties } from "./values";

const type: ResourceType = {
  inputs: {
    image: { type: "string", required: true },
    wait: { type: "boolean" },
    count: { type: "number" },
    names: { type: "list" },
  },
  outputs: {},
  check: (inputs) => (inputs.count === 13 ? [{ property: "count", reason: "unlucky" }] : []),
  create: () => Promise.reject(new Error("not here")),
};
const check = (news: Properties) => checkInputs(type, news);

test("inputs, secrets and unknowns stay unchanged, and null inputs are dropped", () => {
  const names = ["A=1", secret("B=2")];
  const { inputs, failures } = check({ image: UNKNOWN, names, count: UNKNOWN, wait: null });
  expect(failures).toEqual([]);
  expect(inputs).toEqual({ image: UNKNOWN, names, count: UNKNOWN, __defaults: [] });
});

test("every problem is named, and the type's own rules come last", () => {
  const { failures } = check({ imgae: "i", count: "many", wait: "yes" });
  expect(failures).toEqual([
    { property: "imgae", reason: "unknown property; known are count, image, names, wait" },
    { property: "count", reason: "expected number, got string" },
    { property: "wait", reason: "expected boolean, got string" },
    { property: "image", reason: "missing required property" },
  ]);
  expect(check({ image: "i", count: 13 }).failures).toEqual([{ property: "count", reason: "unlucky" }]);
});
