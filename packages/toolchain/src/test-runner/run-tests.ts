import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../cache/progress";
import { REPO_ROOT } from "../repo-root";
import { type Setup, setUp } from "../set-up";
import { KubernetesForLayers } from "./kubernetes-for-layers";

/** Cheapest first. All but `fast` need the engine and Docker. */
export const LAYERS = ["fast", "engine", "docker", "kubernetes", "faults"] as const;

/** Run only when named: a node of Kubernetes wants root and, the first time, a quarter of an hour to build. */
const ON_REQUEST: readonly string[] = ["kubernetes"];

interface JestSummary {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numFailedTestSuites: number;
}

/** Runs layers one after the other and sums them up; a layer that fails does not keep the next from running. */
export async function runTests(wanted: string[], progress: Progress): Promise<number> {
  const unknown = wanted.filter((layer) => !LAYERS.includes(layer as never));
  if (unknown.length > 0) throw new Error(`no such layer: ${unknown.join(", ")}; use ${LAYERS.join(", ")}`);
  const layers = LAYERS.filter((layer) => (wanted.length === 0 ? !ON_REQUEST.includes(layer) : wanted.includes(layer)));
  const kubernetes = KubernetesForLayers.for(layers, progress);
  try {
    const setup = layers.some((layer) => layer !== "fast") ? await setUp(progress, ["17", "15"]) : undefined;
    return await runLayers(layers, setup, kubernetes, progress);
  } finally {
    await kubernetes?.putBack();
  }
}

async function runLayers(
  layers: readonly string[],
  setup: Setup | undefined,
  kubernetes: KubernetesForLayers | undefined,
  progress: Progress,
): Promise<number> {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const layer of layers) {
    progress(`layer ${layer}`);
    try {
      if (setup) await kubernetes?.readyFor(layer, setup);
    } catch (error) {
      progress(`layer ${layer} cannot run: ${error instanceof Error ? error.message : String(error)}`);
      total.failed++;
      continue;
    }
    const summary = await runLayer(layer);
    total.passed += summary.numPassedTests;
    // A suite that does not even load has no failed test.
    total.failed += Math.max(summary.numFailedTests, summary.numFailedTestSuites);
    total.skipped += summary.numPendingTests;
    progress(`layer ${layer}: ${summary.numPassedTests} passed, ${summary.numFailedTests} failed`);
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function runLayer(layer: string): Promise<JestSummary> {
  const folder = mkdtempSync(join(tmpdir(), "pgharbor-test-"));
  try {
    const report = join(folder, "report.json");
    // Layers that start servers run one file at a time: their timings are what they test.
    const workers = layer === "fast" ? [] : ["--runInBand"];
    const args = ["--selectProjects", layer, "--json", `--outputFile=${report}`, "--passWithNoTests", ...workers];
    await runJest(args);
    return JSON.parse(readFileSync(report, "utf8")) as JestSummary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Its report goes to stderr as it runs; what it would print at the end is in the file. */
function runJest(args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const jest = join(REPO_ROOT, "node_modules/jest/bin/jest.js");
    const child = spawn(process.execPath, [jest, ...args], { cwd: REPO_ROOT, stdio: ["ignore", "ignore", "inherit"] });
    child.once("error", reject);
    child.once("close", () => resolve());
  });
}
