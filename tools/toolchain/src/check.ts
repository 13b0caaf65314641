import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Progress } from "@pgharbor/build-cache";
import { REPO_ROOT } from "./repo-root";
import { runTests } from "./test-runner/run-tests";

const steps: [string, string[]][] = [
  ["format", ["prettier", "--check", "packages", "tools", "test", "scripts", "examples", "*.js", "*.mjs"]],
  ["lint", ["eslint", "packages", "tools", "test"]],
  [
    "layers",
    [
      "depcruise",
      "--config",
      ".dependency-cruiser.cjs",
      "packages/core/src",
      "packages/sql/src",
      "packages/pgharbor/src",
    ],
  ],
  ["types", ["tsc", "-b"]],
];

/** Checks format, lint, types and fast tests, and stops at the first failure. */
export async function check(progress: Progress): Promise<number> {
  for (const [name, [tool, ...args]] of steps) {
    progress(name);
    const done = spawnSync(join(REPO_ROOT, "node_modules/.bin", tool!), args, { cwd: REPO_ROOT, stdio: "inherit" });
    if (done.status !== 0) return done.status ?? 1;
  }
  return runTests(["fast"], progress);
}
