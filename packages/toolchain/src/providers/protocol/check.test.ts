import { checkInputs } from "./check";
import type { ResourceType } from "./resource-type";
import { secret, UNKNOWN, type Properties } from "./values";

const type: ResourceType = {
  inputs: {
    name: { type: "string" },
    image: { type: "string", required: true },
    wait: { type: "boolean", default: false },
    count: { type: "number" },
    envs: { type: "set" },
  },
  outputs: {},
  autoName: true,
  check: (inputs) => (inputs.count === 13 ? [{ property: "count", reason: "unlucky" }] : []),
  create: () => Promise.reject(new Error("not here")),
};
const seed = new Uint8Array([1, 2, 3]);
const check = (news: Properties, olds: Properties = {}) => checkInputs(type, "db", olds, news, seed);

test("defaults and a name are filled in, and marked as such", () => {
  const { inputs, failures } = check({ image: "i" });
  expect(failures).toEqual([]);
  expect(inputs).toEqual({
    image: "i",
    wait: false,
    name: expect.stringMatching(/^db-[0-9a-f]{7}$/),
    __defaults: ["wait", "name"],
  });
  expect(check({ image: "i" }).inputs).toEqual(inputs);
});

test("a made-up name stays, a given one is kept as given", () => {
  expect(check({ image: "j" }, { name: "db-0000000", __defaults: ["name"] }).inputs.name).toBe("db-0000000");
  expect(check({ image: "j" }, { name: "fixed", __defaults: [] }).inputs.name).not.toBe("fixed");
  expect(check({ image: "j", name: "mine" }).inputs).toMatchObject({ name: "mine", __defaults: ["wait"] });
});

test("secrets and unknowns pass through as they came", () => {
  const envs = ["A=1", secret("B=2")];
  const { inputs, failures } = check({ image: UNKNOWN, envs, count: UNKNOWN });
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ image: UNKNOWN, envs, count: UNKNOWN });
});

test("every problem is named, and the type's own rules come last", () => {
  const { failures } = check({ imgae: "i", count: "many", wait: "yes" });
  expect(failures).toEqual([
    { property: "imgae", reason: "unknown property; known are count, envs, image, name, wait" },
    { property: "count", reason: "expected number, got string" },
    { property: "wait", reason: "expected boolean, got string" },
    { property: "image", reason: "missing required property" },
  ]);
  expect(check({ image: "i", count: 13 }).failures).toEqual([{ property: "count", reason: "unlucky" }]);
});
