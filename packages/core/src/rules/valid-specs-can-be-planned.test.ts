import * as fc from "fast-check";
import { badClusters } from "../../../../test/support/bad-programs";
import { goodClusters } from "../../../../test/support/good-programs";
import { planCluster } from "../plan/cluster-plan";
import { containersOf, unitsOf } from "../plan/units";
import type { ClusterSpec } from "../spec";
import { checkCluster } from "./check-cluster";

/** Plans, and writes every file that needs no secret. */
const planAll = (cluster: string, spec: unknown): void => {
  const plan = planCluster(cluster, spec as ClusterSpec);
  const containers = containersOf(unitsOf(plan));
  const names = containers.map((container) => container.name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,62}$/);
  const texts = containers.flatMap((c) => c.files.filter((f) => !f.deferred).map((f) => f.content({} as never)));
  for (const text of texts) expect(text).not.toMatch(/undefined|NaN|\[object|\0/);
};

test.each(goodClusters)("a good program can be planned: $name", ({ cluster, spec }) =>
  planAll(cluster ?? "shop", spec),
);

/** Fields of good and bad programs, mixed. */
const field = fc
  .constantFrom(...goodClusters, ...badClusters)
  .filter(({ spec }) => typeof spec === "object" && spec !== null && Object.keys(spec).length > 0)
  .chain(({ spec }) => fc.constantFrom(...Object.entries(spec as object)));

test.each([
  ["docker", "kubernetes"],
  ["kubernetes", "docker"],
])("whatever passes the rules on %s can be planned, and leaves nothing undefined in a file", (platform, other) => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 5 }), (fields) => {
      const spec = Object.fromEntries([[platform, {}], ...fields.filter(([key]) => key !== other)]);
      fc.pre(checkCluster("shop", spec).problems.length === 0);
      planAll("shop", spec);
    }),
    { numRuns: 100 },
  );
});
