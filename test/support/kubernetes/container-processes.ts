import { readdirSync, readFileSync } from "node:fs";

/** The processes of a container on the node, which is this machine: those whose cgroup names the container. */
export function processesOf(containerId: string): number[] {
  // A short id would match the cgroups of other containers, too.
  if (!/^[0-9a-f]{64}$/.test(containerId)) throw new Error(`not the id of a container: ${containerId}`);
  return inControlGroup((group) => group.includes(containerId));
}

/**
 * The processes of all containers of a pod, including one that Kubernetes has just started. systemd's names contain no
 * hyphens.
 */
export const processesOfPod = (uid: string): number[] =>
  inControlGroup((group) => group.includes(`pod${uid}`) || group.includes(`pod${uid.replaceAll("-", "_")}`));

const inControlGroup = (isIts: (group: string) => boolean): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isIts(readFrom(`/proc/${name}/cgroup`)))
    .map(Number);

/** The container's first process, which has pid 1 inside. All others end with it. */
export function firstProcessOf(containerId: string): number {
  const isFirst = (pid: number) => /^NSpid:.*\t1$/m.test(readFrom(`/proc/${pid}/status`));
  const pid = processesOf(containerId).find(isFirst);
  if (pid === undefined) throw new Error(`nothing runs in container ${containerId}`);
  return pid;
}

/** Sends SIGKILL to every process of a container, so that none can shut down cleanly. */
export function killContainer(containerId: string): void {
  const pids = processesOf(containerId);
  if (pids.length === 0) throw new Error(`nothing runs in container ${containerId}`);
  for (const pid of pids) kill(pid);
}

/** Stops or continues every process of a pod. Runs twice, because a process may have forked in between. */
export function signalPod(uid: string, signal: "SIGSTOP" | "SIGCONT"): void {
  for (let i = 0; i < 2; i++) for (const pid of processesOfPod(uid)) kill(pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // The kernel ends the other processes with the container's first one.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Reads a file of /proc; empty if its process has ended. */
export function readFrom(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // ended meanwhile
  }
}
