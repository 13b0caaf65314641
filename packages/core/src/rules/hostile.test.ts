import * as fc from "fast-check";
import { badClusters } from "../../../../test/support/bad-programs";
import { goodClusters } from "../../../../test/support/good-programs";
import type { ClusterModel } from "../model/types";
import type { ClusterSpec, DatabaseSpec, ServiceSpec, UserSpec } from "../spec";
import { checkCluster } from "./check-cluster";
import { checkDatabase } from "./sql/database";
import { readKubernetes, readKubernetesService } from "../read/kubernetes";
import { show, type Problem } from "../errors";
import { readCluster, readDatabase, readService, readUser } from "../read/cluster";
import { checkSelector } from "./services/selector";
import { checkService } from "./services/service";
import { checkUser } from "./sql/user";

const model = {
  hba: [],
  name: "shop",
  members: [],
  maxConnections: 100,
  gateways: 1,
  autoPorts: false,
} as unknown as ClusterModel;

const strange = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
  fc.constantFrom<unknown>(
    NaN,
    Infinity,
    -0,
    1.5,
    -1,
    1e21,
    "",
    "\0",
    "\n",
    "'",
    '"',
    "__proto__",
    "constructor",
    null,
  ),
  fc.string({ unit: "binary", maxLength: 200 }),
);

/** Objects with the fields of a specification, and anything in them. */
const specOf = (read: (path: string, value: unknown, problems: Problem[]) => unknown) => {
  const unknown: Problem[] = [];
  read("", { "?": 1 }, unknown);
  const names = unknown.find((p) => p.message.includes("fields here are"))?.message.split("fields here are ")[1] ?? "";
  return fc.record(Object.fromEntries(names.split(", ").map((name) => [name, strange])), { requiredKeys: [] });
};

/** A good or bad program with one value somewhere in it replaced. */
const mutated = fc
  .tuple(fc.constantFrom(...badClusters, ...goodClusters), fc.nat(), strange)
  .map(([program, at, value]) => replaceAt(program.spec, at, value));

function replaceAt(spec: unknown, at: number, value: unknown): unknown {
  const copy = structuredClone(spec);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const [object, key] = places[at % Math.max(1, places.length)] ?? [];
  if (object !== undefined && key !== undefined) object[key] = value;
  return copy;
}

/** One expectation for all of them: each takes a stack, and there are thousands. */
const wellFormed = (problems: Problem[]): void =>
  expect(
    problems.filter(
      ({ path, message }) =>
        typeof path !== "string" ||
        /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/.test(path + message) ||
        /undefined|\[object Object\]/.test(message.replace(/got undefined\b/g, "")),
    ),
  ).toEqual([]);
const runs = { numRuns: 200 };

describe("rules report problems for any input", () => {
  test("cluster", () => {
    fc.assert(
      fc.property(fc.oneof(strange, specOf(readCluster), mutated), (spec) =>
        wellFormed(checkCluster("shop", spec as ClusterSpec).problems),
      ),
      { numRuns: 500 },
    );
  });
  test("name of a cluster", () => {
    fc.assert(
      fc.property(strange, strange, (name, spec) =>
        wellFormed(checkCluster(name as string, spec as ClusterSpec).problems),
      ),
      runs,
    );
  });
  test.each(["docker", "kubernetes"] as const)("service on %s", (platform) => {
    const below = fc.record({ name: strange, port: strange, kubernetes: specOf(readKubernetesService) });
    fc.assert(
      fc.property(fc.oneof(strange, specOf(readService), below), (spec) =>
        wellFormed(checkService({ ...model, platform }, [], spec as ServiceSpec)),
      ),
      runs,
    );
  });
  test("kubernetes", () => {
    fc.assert(
      fc.property(specOf(readKubernetes), (kubernetes) => wellFormed(checkCluster("shop", { kubernetes }).problems)),
      runs,
    );
  });
  test("selectors of JMESPath's special characters", () => {
    const signs = fc.constantFrom(..."=!<>&|.,:@*?[](){}`'\"\\- 1", "a", "name", "tags", "pg_role");
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 8 }), (expression) =>
        wellFormed(checkSelector("selector", expression, [])),
      ),
      { numRuns: 2000 },
    );
  });
  test("user, and its password is never shown", () => {
    fc.assert(
      fc.property(fc.oneof(strange, specOf(readUser)), strange, (spec, password) => {
        wellFormed(checkUser(spec as UserSpec, password as string));
      }),
      runs,
    );
    const secret = "correct horse\n".repeat(9);
    expect(JSON.stringify(checkUser({ username: "app" }, secret))).not.toContain("horse");
  });
  test("database", () => {
    fc.assert(
      fc.property(fc.oneof(strange, specOf(readDatabase)), (spec) =>
        wellFormed(checkDatabase(spec as DatabaseSpec, ["app"])),
      ),
      runs,
    );
  });
});

test("an accepted name has no characters that are special in files or SQL", () => {
  const almost = fc.string({
    unit: fc.constantFrom("a", "Z", "0", "_", "$", "-", '"', "'", "\n", "\0", ";", " ", "é"),
  });
  fc.assert(
    fc.property(almost, (username) => {
      if (checkUser({ username }).length === 0) expect(username).toMatch(/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/);
    }),
  );
});

test.each<[unknown, string]>([
  ['a"b\n', '"a\\"b\\n"'],
  [NaN, "NaN"],
  [10n, "10"],
  [undefined, "undefined"],
  ["\u202eabc\u2028", '"\\u202eabc\\u2028"'],
  ["x".repeat(100), `"${"x".repeat(76)}...`],
])("shows %p as %s", (value, text) => expect(show(value)).toBe(text));
