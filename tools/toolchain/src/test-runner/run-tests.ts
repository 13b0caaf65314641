import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "@pgharbor/build-cache";
import { REPO_ROOT } from "../repo-root";
import { type Setup, setUp } from "../set-up";
import { KubernetesForLayers } from "./kubernetes-for-layers";
import { failuresOf, type JestReport, slowestOf } from "./jest-report";
import { type Layer, type LayerRun, layersOf } from "./layers";

interface Total {
  passed: number;
  failed: number;
  skipped: number;
  /** Repeated at the end, where a reader of a long log looks first. */
  readonly failures: string[];
}

/** Runs layers in order and adds up their results. A failed layer does not stop the next one. */
export async function runTests(wanted: string[], progress: Progress): Promise<number> {
  const all = layersOf(wanted);
  for (const { layer, impossible } of all)
    if (impossible !== undefined) progress(`layer ${layer} is left out, for this machine cannot run it: ${impossible}`);
  const runs = all.filter(({ impossible }) => impossible === undefined);
  const layers = runs.map(({ layer }) => layer);
  const total: Total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const kubernetes = KubernetesForLayers.for(layers, progress);
  try {
    const setup = layers.some((layer) => layer !== "fast")
      ? await setUp(progress, { pgMajors: ["17", "15"] })
      : undefined;
    if (setup) kubernetes?.buildProvider();
    await runLayers(runs, setup, kubernetes, total, progress);
  } finally {
    const left = (await kubernetes?.putBack()) ?? [];
    if (left.length > 0)
      progress(`Kubernetes is down, but the machine is not as it was before:\n  ${left.join("\n  ")}`);
    total.failed += left.length;
    total.failures.push(...left.map((what) => `kubernetes: ${what} is left`));
  }
  for (const failure of total.failures) console.log(`failed: ${failure}`);
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runLayers(
  runs: readonly LayerRun[],
  setup: Setup | undefined,
  kubernetes: KubernetesForLayers | undefined,
  total: Total,
  progress: Progress,
): Promise<void> {
  for (const run of runs) {
    const { layer } = run;
    progress(`layer ${layer}`);
    try {
      if (setup) await kubernetes?.readyFor(layer, setup);
    } catch (error) {
      progress(`layer ${layer} cannot run: ${error instanceof Error ? error.message : String(error)}`);
      total.failed++;
      total.failures.push(`${layer}: the layer cannot run`);
      continue;
    }
    const summary = await runLayer(run);
    total.passed += summary.numPassedTests;
    // A suite that fails to load has no failed test.
    total.failed += Math.max(summary.numFailedTests, summary.numFailedTestSuites);
    total.skipped += summary.numPendingTests;
    total.failures.push(...failuresOf(layer, summary));
    progress(`layer ${layer}: ${summary.numPassedTests} passed, ${summary.numFailedTests} failed`);
    progress(`layer ${layer}: the slowest files are ${slowestOf(summary, 10).join(", ")}`);
  }
}

async function runLayer({ layer, files }: LayerRun): Promise<JestReport> {
  const folder = mkdtempSync(join(tmpdir(), "pgharbor-test-"));
  try {
    const report = join(folder, "report.json");
    const some = files === undefined ? [] : ["--testPathPatterns", files];
    const args = [
      "--selectProjects",
      layer,
      "--json",
      `--outputFile=${report}`,
      "--passWithNoTests",
      ...some,
      ...workersOf(layer),
    ];
    await runJest(args);
    return JSON.parse(readFileSync(report, "utf8")) as JestReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests on Docker mostly wait. Layers that measure times or share a node run one file at a time. */
function workersOf(layer: Layer): string[] {
  if (layer === "fast") return [];
  return layer === "docker" ? ["--maxWorkers=2"] : ["--runInBand"];
}

/** Jest reports to stderr while it runs. The report file contains what it would print at the end. */
function runJest(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const jest = join(REPO_ROOT, "node_modules/jest/bin/jest.js");
    const child = spawn(process.execPath, [jest, ...args], { cwd: REPO_ROOT, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}
