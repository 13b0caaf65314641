import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Progress, runCommand } from "@pgharbor/build-cache";
import type { ClusterFolders } from "./cluster-folders";
import { recordedCommands } from "./component-control";
import { killPods, removePodCgroups, unmountAll } from "./machine/leftovers";
import { machineBefore, restoreMachine } from "./machine/machine-state";
import { removeNetwork } from "./machine/network";
import { stopProcess } from "./machine/processes";

/**
 * Takes the cluster down and restores the machine's earlier state. Works on a running cluster, a broken one, and one
 * that never came up completely.
 * @returns true if there was a cluster
 */
export async function takeDown(folders: ClusterFolders, progress: Progress): Promise<boolean> {
  if (!existsSync(folders.root)) return false;
  const before = await machineBefore(folders);
  if (before !== undefined) {
    progress("stopping Kubernetes");
    // Supervisors are stopped first, because they would restart the processes that are ended next.
    for (const name of ["kubelet", "controller-manager", "scheduler"] as const) await stopProcess(folders, name);
    await killPods(folders);
    for (const name of ["proxy", "apiserver", "etcd", "containerd"] as const) await stopProcess(folders, name);
    await killPods(folders);
    progress("removing its network, mounts and cgroups");
    const proxy = (await recordedCommands(folders))?.proxy.program;
    if (proxy !== undefined) await runCommand(proxy, ["--cleanup"], { timeoutMs: 60_000 });
    await removeNetwork();
    await unmountAll(folders);
    await removePodCgroups();
    await restoreMachine(before);
  }
  await removeFolder(folders);
  return true;
}

/** Deletes the record of the machine's state last, so that an interrupted run can be repeated. */
async function removeFolder(folders: ClusterFolders): Promise<void> {
  for (const folder of Object.values<string>({ ...folders })) {
    if (folder !== folders.root && folder !== folders.records) await rm(folder, { recursive: true, force: true });
  }
  await rm(join(folders.root), { recursive: true, force: true });
}
