import * as path from "node:path";
import { cacheFolder } from "./cache-folder";
import { withFolderLock } from "./folder-lock";
import type { Progress } from "./progress";
import { mustRun, runCommand } from "./run-command";

/** apt waits this long for another apt. Updates of package lists have no such option, so they take our lock. */
const WAIT = ["-o", "DPkg::Lock::Timeout=600"];
const LISTS_TRIES = 60;

/** Installs Debian packages as root; steps of the set-up that run side by side take turns. */
export async function aptInstall(packages: readonly string[], progress: Progress): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = [...WAIT, "install", "-y", "--no-install-recommends", ...packages];
  await withFolderLock(path.join(cacheFolder(), "apt"), progress, async () => {
    // Usually the lists are recent, and an update takes longer than the installation.
    if ((await runCommand("apt-get", install, { env })).code === 0) return;
    await updateLists(env);
    await mustRun(`installing ${packages.join(", ")}`, "apt-get", install, { env });
  });
}

async function updateLists(env: NodeJS.ProcessEnv): Promise<void> {
  for (let tries = 1; ; tries++) {
    const result = await runCommand("apt-get", ["update"], { env });
    if (result.code === 0) return;
    if (!/Could not get lock|is held by process/.test(result.stderr) || tries === LISTS_TRIES) {
      throw new Error(`apt's update failed (exit code ${result.code}):\n${result.stderr.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}
