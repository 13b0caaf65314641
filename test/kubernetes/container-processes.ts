import { readdirSync, readFileSync } from "node:fs";

/** The processes of a container on the node, which is this machine: those whose control group names the container. */
export function processesOf(containerId: string): number[] {
  // A short id would be in the control groups of others too.
  if (!/^[0-9a-f]{64}$/.test(containerId)) throw new Error(`not the id of a container: ${containerId}`);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && controlGroupsOf(name).includes(containerId))
    .map(Number);
}

/** `kill -9` of all that runs in a container: nothing in it may say goodbye. */
export function killContainer(containerId: string): void {
  const pids = processesOf(containerId);
  if (pids.length === 0) throw new Error(`nothing runs in container ${containerId}`);
  for (const pid of pids) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    // With the container's first process the kernel ends the others.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function controlGroupsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8");
  } catch {
    return ""; // ended meanwhile
  }
}
