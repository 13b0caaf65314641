import { secret, type Properties } from "../protocol/values";
import { named } from "./autoname";
import { checkpointState, parseCheckpoint } from "./checkpoint";
import { takenOver, withIgnored } from "./field-managers";
import { kindOfToken, parseId } from "./kube-object";
import { normalized } from "./normalize";
import { pruned, refreshedInputs } from "./prune";
import { canonicalQuantity } from "./quantities";

test.each([
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["0.5", "500m"],
  ["1000m", "1"],
  ["100m", "100m"],
  [2, "2"],
  ["1e3", "1k"],
  ["1500M", "1500M"],
  ["0", "0"],
  ["1000Ki", "1000Ki"],
  ["0.1Gi", "107374182400m"],
  ["not a quantity", "not a quantity"],
])("the quantity %s as the server writes it: %s", (given, expected) => {
  expect(canonicalQuantity(given)).toBe(expected);
});

test("a made-up name is kept, marked, and made only where none is given", () => {
  const naming = { logicalName: "db", seed: new Uint8Array([1]) };
  const object = { kind: "ConfigMap", metadata: {} };
  const first = named(object, undefined, naming);
  expect(first.metadata).toEqual({
    name: expect.stringMatching(/^db-[0-9a-f]{8}$/) as string,
    annotations: { "pulumi.com/autonamed": "true" },
  });
  expect(named(object, undefined, naming)).toEqual(first);
  expect(named(object, first, { ...naming, seed: new Uint8Array([2]) })).toEqual(first);
  expect(named({ metadata: { name: "mine" } }, first, naming).metadata).toEqual({ name: "mine" });
  expect(named(object, undefined, { ...naming, proposed: "shop" }).metadata).toMatchObject({ name: "shop" });
  expect(() => named(object, undefined, { ...naming, disabled: true })).toThrow("autonaming is disabled");
});

test("inputs in the server's form: stringData as data, quantities, nothing that only the server writes", () => {
  const given = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", uid: "u", resourceVersion: "1" },
    data: { b: "Mg==\n", a: "MA==" },
    stringData: { a: "1" },
  };
  expect(normalized(given)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s" },
    data: { a: "MQ==", b: "Mg==" },
  });
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    spec: { containers: [{ resources: { limits: { memory: "1024Mi" } } }] },
  };
  expect(normalized(pod).spec).toEqual({ containers: [{ resources: { limits: { memory: "1Gi" } } }] });
  const custom = { apiVersion: "example.org/v1", kind: "Thing", spec: { limits: { a: "1024Mi" } } };
  expect(normalized(custom)).toEqual(custom);
});

test("a refresh takes over what drifted, of what was declared", () => {
  const declared = { data: { a: "1", b: "2" }, flag: false, list: [{ x: 1 }, { x: 2 }] };
  const list: Record<string, number>[] = [{ x: 1, y: 1 }, { x: 2 }];
  const before = { data: { a: "1", b: "2", c: "3" }, list };
  expect(refreshedInputs(declared, before, before)).toEqual(declared);
  const now = { data: { a: "9", c: "3" }, list: [{ x: 1, y: 1 }] };
  expect(refreshedInputs(declared, before, now)).toEqual({ data: { a: "9" }, flag: false, list: [{ x: 1 }] });
  expect(pruned(now, declared)).toEqual({ data: { a: "9" }, list: [{ x: 1 }] });
});

test("secrets stay where they were, and what is in a Secret is one always", () => {
  const raw: Properties = {
    kind: "Pod",
    spec: { a: "x", env: [{ value: secret("t") }] },
    metadata: secret({ name: "p" }),
  };
  const live = { kind: "Pod", spec: { a: "x", b: "y", env: [{ value: "t" }] }, metadata: { name: "p", uid: "u" } };
  const checkpoint = { declared: { kind: "Pod" }, live, fieldManager: "m", initialApiVersion: "v1" };
  const state = checkpointState(checkpoint, raw);
  expect(state).toMatchObject({
    spec: { a: "x", b: "y", env: secret([{ value: "t" }]) },
    metadata: secret({ name: "p", uid: "u" }),
  });
  expect(parseCheckpoint(state)).toEqual(checkpoint);
  const object = { apiVersion: "v1", kind: "Secret", data: { a: "MQ==" } };
  expect(checkpointState({ ...checkpoint, live: object, declared: object }, {})).toMatchObject({
    data: secret({ a: "MQ==" }),
    __inputs: { data: secret({ a: "MQ==" }) },
  });
});

const entry = (manager: string, operation: string, fieldsV1: Properties, more: Properties = {}) => ({
  manager,
  operation,
  fieldsV1,
  ...more,
});

test("the first update takes the fields of the creation over, and nobody else's", () => {
  const others = [
    entry("kubelet", "Update", { "f:status": {} }, { subresource: "status" }),
    entry("hpa", "Update", { "f:x": {} }),
  ];
  const made = entry("pulumi-kubernetes", "Update", { "f:data": { ".": {}, "f:a": {} } });
  const own = entry("mine", "Apply", { "f:data": { "f:b": {} } });
  const live = { metadata: { managedFields: [made, own, ...others] } };
  expect(takenOver(live, "mine")).toEqual([
    ...others,
    entry("mine", "Apply", { "f:data": { ".": {}, "f:a": {}, "f:b": {} } }),
  ]);
  expect(takenOver({ metadata: { managedFields: others } }, "mine")).toBeUndefined();
});

test("an ignored field is left to its other owner, or sent as it is", () => {
  const live = {
    spec: { replicas: 5, paused: true },
    metadata: { managedFields: [entry("hpa", "Update", { "f:spec": { "f:replicas": {} } })] },
  };
  const inputs = { spec: { replicas: 1, paused: false } };
  expect(withIgnored(inputs, live, "mine", ["spec.replicas", "spec.paused"])).toEqual({ spec: { paused: true } });
});

test("tokens and ids", () => {
  expect(kindOfToken("kubernetes:core/v1:Secret")).toEqual({ apiVersion: "v1", kind: "Secret" });
  expect(kindOfToken("kubernetes:cert-manager.io/v1:Certificate")).toEqual({
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
  });
  expect(parseId("shop/db")).toEqual({ namespace: "shop", name: "db" });
  expect(parseId("shop")).toEqual({ namespace: "", name: "shop" });
});
