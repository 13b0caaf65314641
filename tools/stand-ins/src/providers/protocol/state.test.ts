import type { ResourceType } from "./resource-type";
import { plannedOutputs, refreshedInputs, sealed, stateOf } from "./state";
import { secret, UNKNOWN } from "./values";

const type: ResourceType = {
  inputs: {
    name: { type: "string" },
    envs: { type: "list", computed: true },
    key: { type: "string", secret: true },
    bits: { type: "number", computed: true, otherwise: 2048 },
  },
  outputs: { result: { secret: true }, address: {} },
  create: () => Promise.reject(new Error("not here")),
};

test("a preview knows the inputs and the provider's defaults, and nothing that only the real thing tells", () => {
  const planned = plannedOutputs(type, { name: "a" });
  expect(planned).toEqual({ name: "a", bits: 2048, envs: UNKNOWN, result: UNKNOWN, address: UNKNOWN });
});

test("secrets leave as secrets: by the schema, by where they came from, as finely as they came", () => {
  const raw = { name: secret("n"), envs: ["A=1", secret("B=2")] };
  expect(sealed(type, { name: "n", envs: ["A=1", "B=2"], key: "k", result: "r", address: "h" }, raw)).toEqual({
    name: secret("n"),
    envs: ["A=1", secret("B=2")],
    key: secret("k"),
    result: secret("r"),
    address: "h",
  });
  expect(sealed(type, { envs: ["A=1", "B=3"] }, raw)).toEqual({ envs: secret(["A=1", "B=3"]) });
});

test("a refresh changes only the inputs that have drifted, and keeps them secret", () => {
  const inputs = { name: "a", envs: [secret("B=2")], __defaults: [] };
  expect(refreshedInputs(type, inputs, { name: "a", envs: ["B=2"], bits: 4096 })).toEqual(inputs);
  expect(refreshedInputs(type, inputs, { name: "b", envs: ["B=9"] })).toEqual({
    name: "b",
    envs: secret(["B=9"]),
    __defaults: [],
  });
});

test("an import keeps only values that differ from the defaults", () => {
  expect(refreshedInputs(type, {}, { name: "a", envs: [], bits: 2048 })).toEqual({ name: "a", __defaults: [] });
});

test("bookkeeping is no part of the state", () => {
  expect(stateOf(type, { name: "a", __defaults: ["name"] })).toEqual({ name: "a", bits: 2048 });
});
