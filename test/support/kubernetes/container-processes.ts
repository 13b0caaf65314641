import { readdirSync, readFileSync } from "node:fs";

/** The processes of a container on the node, which is this machine: those whose control group names the container. */
export function processesOf(containerId: string): number[] {
  // A short id would be in the control groups of others too.
  if (!/^[0-9a-f]{64}$/.test(containerId)) throw new Error(`not the id of a container: ${containerId}`);
  return inControlGroup((group) => group.includes(containerId));
}

/** Those of all containers of a pod, also of one that Kubernetes starts just now. systemd's names have no hyphens. */
export const processesOfPod = (uid: string): number[] =>
  inControlGroup((group) => group.includes(`pod${uid}`) || group.includes(`pod${uid.replaceAll("-", "_")}`));

const inControlGroup = (isIts: (group: string) => boolean): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && isIts(readFrom(`/proc/${name}/cgroup`)))
    .map(Number);

/** The one that all others of a container end with: it has number 1 in there. */
export function firstProcessOf(containerId: string): number {
  const isFirst = (pid: number) => /^NSpid:.*\t1$/m.test(readFrom(`/proc/${pid}/status`));
  const pid = processesOf(containerId).find(isFirst);
  if (pid === undefined) throw new Error(`nothing runs in container ${containerId}`);
  return pid;
}

/** `kill -9` of all that runs in a container: nothing in it may say goodbye. */
export function killContainer(containerId: string): void {
  const pids = processesOf(containerId);
  if (pids.length === 0) throw new Error(`nothing runs in container ${containerId}`);
  for (const pid of pids) kill(pid);
}

/** Stops or continues all that runs in a pod, twice: one process may have begun another in between. */
export function signalPod(uid: string, signal: "SIGSTOP" | "SIGCONT"): void {
  for (let i = 0; i < 2; i++) for (const pid of processesOfPod(uid)) kill(pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // With the container's first process the kernel ends the others.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A file of /proc, empty when its process is gone. */
export function readFrom(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // ended meanwhile
  }
}
