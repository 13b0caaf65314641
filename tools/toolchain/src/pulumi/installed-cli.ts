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

/**
 * Returns the user's own CLI if it is new enough and includes the language host for Node.js (one built with `go
 * install` does not).
 */
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
 * The environment for CLI commands during the set-up, without the user's CLI settings (`PULUMI_OPTION_…`). The check
 * for a newer release is disabled, because it takes seconds without a network.
 */
export function quiet(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("PULUMI_"));
  return { ...Object.fromEntries(others), PULUMI_SKIP_UPDATE_CHECK: "true" };
}
