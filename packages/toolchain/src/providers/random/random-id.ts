import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { InputSpec, ResourceType } from "../protocol/resource-type";
import { UNKNOWN } from "../protocol/values";
import { petName } from "./pet-words";

const keepers: InputSpec = { type: "map", replaces: true };

export const randomId: ResourceType = {
  inputs: {
    keepers,
    byteLength: { type: "number", required: true, replaces: true },
    prefix: { type: "string", replaces: true },
  },
  outputs: { b64Std: {}, b64Url: {}, dec: {}, hex: {} },
  check: ({ byteLength }) =>
    byteLength === UNKNOWN || Number(byteLength) >= 1
      ? []
      : [{ property: "byteLength", reason: `must be at least 1, got ${String(byteLength)}` }],
  create: (inputs) => {
    const bytes = randomBytes(Number(inputs.byteLength));
    const prefix = (inputs.prefix as string | undefined) ?? "";
    const hex = bytes.toString("hex");
    const outputs = {
      ...inputs,
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + bytes.toString("base64url"),
      dec: prefix + BigInt(`0x${hex}`).toString(),
      hex: prefix + hex,
    };
    return Promise.resolve({ id: bytes.toString("base64url"), outputs });
  },
};

export const randomUuid: ResourceType = {
  inputs: { keepers },
  outputs: { result: {} },
  create: (inputs) => {
    const result = randomUUID();
    return Promise.resolve({ id: result, outputs: { ...inputs, result } });
  },
  read: (id, state) => Promise.resolve(state.result === undefined ? { result: id } : state),
};

export const randomInteger: ResourceType = {
  inputs: {
    keepers,
    min: { type: "number", required: true, replaces: true },
    max: { type: "number", required: true, replaces: true },
    seed: { type: "string", replaces: true },
  },
  outputs: { result: {} },
  check: ({ min, max, seed }) => {
    // The official provider derives the number from the seed with Go's generator; a different number here would be a silent lie.
    if (seed !== undefined) return [{ property: "seed", reason: "needs the official random plugin" }];
    if (min === UNKNOWN || max === UNKNOWN || Number(min) <= Number(max)) return [];
    return [{ property: "min", reason: `must be at most max (${String(max)}), got ${String(min)}` }];
  },
  create: (inputs) => {
    const result = randomInt(Number(inputs.min), Number(inputs.max) + 1);
    return Promise.resolve({ id: String(result), outputs: { ...inputs, result } });
  },
};

export const randomPet: ResourceType = {
  inputs: {
    keepers,
    length: { type: "number", replaces: true, computed: true, otherwise: 2 },
    prefix: { type: "string", replaces: true },
    separator: { type: "string", replaces: true, computed: true, otherwise: "-" },
  },
  outputs: {},
  create: (inputs) => {
    const separator = inputs.separator as string;
    const words = [...(inputs.prefix ? [inputs.prefix as string] : []), ...petName(Number(inputs.length))];
    return Promise.resolve({ id: words.join(separator), outputs: inputs });
  },
};
