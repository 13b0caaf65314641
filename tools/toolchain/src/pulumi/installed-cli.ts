import * as fs from "node:fs/promises";
import * as path from "node:path";
import { type Progress, runCommand } from "@pgharbor/build-cache";
import { isAtLeast } from "@pgharbor/build-cache";
import { OLDEST_USABLE_CLI } from "./versions";

export interface InstalledCli {
  readonly binary: string;
  readonly version: string;
}

/** The `pulumi` on PATH, wherever it is, except one that we put into `ownFolder` ourselves. */
export async function findOnPath(ownFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const directory of (env.PATH ?? "").split(path.delimiter)) {
    if (!directory || directory.startsWith(ownFolder)) continue;
    const candidate = path.join(directory, "pulumi");
    const real = await fs.realpath(candidate).catch(() => undefined);
    if (real && (await isExecutable(real))) return real;
  }
  return undefined;
}

/** The user's own CLI, when it is new enough and came with the language host for Node.js (one built with `go install` did not). */
export async function usableCli(binary: string, progress: Progress): Promise<InstalledCli | undefined> {
  const result = await runCommand(binary, ["version"], { timeoutMs: 20_000, env: quiet() });
  const version = /v?(\d+\.\d+\.\d+)/.exec(result.stdout)?.[1];
  if (!version || !isAtLeast(version, OLDEST_USABLE_CLI)) {
    progress(`passing over ${binary}: version ${version ?? "unknown"}, needed is ${OLDEST_USABLE_CLI} or later`);
    return undefined;
  }
  if (!(await isExecutable(path.join(path.dirname(binary), "pulumi-language-nodejs")))) {
    progress(`passing over ${binary}: no pulumi-language-nodejs beside it`);
    return undefined;
  }
  return { binary, version };
}

export async function isExecutable(file: string): Promise<boolean> {
  return fs.access(file, fs.constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * For a command of the CLI that sets up: none of the user's settings of it (`PULUMI_OPTION_…`). It does not look for a newer release of
 * itself either, which takes seconds where nothing answers.
 */
export function quiet(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_"));
  return { ...Object.fromEntries(others), PULUMI_SKIP_UPDATE_CHECK: "true" };
}
