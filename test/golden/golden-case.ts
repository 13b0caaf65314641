import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  containersOf,
  planAddedService,
  planCluster,
  unitsOf,
  type ClusterSpec,
  type PlannedContainer,
  type ServiceSpec,
} from "@pgharbor/core";
import { fakeDeferred } from "./fake-deferred-values";

export const casesFolder = join(__dirname, "cases");
export const CASE_FILE = "case.json";

/** `cases/<name>/case.json`: a cluster, and which of its files are worth reading. The expected files lie beside it. */
export interface GoldenCase {
  name: string;
  /** The feature that only this case shows. */
  about: string;
  cluster: string;
  spec: ClusterSpec;
  /** A service added to the running cluster. If set, the files are those of the added service's containers. */
  addedService?: ServiceSpec;
  /** `<container>/<path>` each. */
  files: string[];
}

export const goldenCases = (): GoldenCase[] =>
  readdirSync(casesFolder)
    .sort()
    .map((name) => ({ name, ...(JSON.parse(readFileSync(join(casesFolder, name, CASE_FILE), "utf8")) as object) }))
    .map((one) => one as GoldenCase);

/** Every file of a case, by `<container>/<path>`, with fake secrets. */
export function renderCase(one: GoldenCase): Map<string, string> {
  const cluster = planCluster(one.cluster, one.spec);
  const plan =
    one.addedService === undefined
      ? cluster
      : planAddedService(cluster.model, cluster.model.services, one.addedService);
  const deferred = fakeDeferred(plan);
  const files = (container: PlannedContainer) =>
    container.files.map((file) => [`${container.name}/${file.path}`, file.content(deferred)] as const);
  const containers = "gateway" in plan ? plan.gateway.containers : containersOf(unitsOf(plan));
  return new Map(containers.flatMap(files));
}
