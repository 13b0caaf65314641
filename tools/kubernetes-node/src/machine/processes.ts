import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterFolders } from "../cluster-folders";
import type { CommandLine, ComponentName } from "../node/components";

/** A process that we started. The start time is part of its identity, because process ids are reused. */
interface ProcessRecord {
  readonly pid: number;
  readonly startTime: string;
}

const STOP_SECONDS = 15;

/** Starts a component as a session leader, so that it outlives this command. It writes its output to a file. */
export async function startProcess(folders: ClusterFolders, name: ComponentName, command: CommandLine): Promise<void> {
  await mkdir(folders.records, { recursive: true });
  await mkdir(folders.logs, { recursive: true });
  const log = openSync(logOf(folders, name), "a");
  try {
    const env = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` };
    const child = spawn(command.program, [...command.args], {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: "/",
      env,
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    const pid = child.pid!;
    writeFileSync(recordOf(folders, name), JSON.stringify({ pid, startTime: startTimeOf(pid) ?? "gone" }));
    child.unref();
  } finally {
    closeSync(log);
  }
}

/**
 * Stops a component and waits until it has ended. Kills only the recorded process, identified by pid and start time.
 */
export async function stopProcess(
  folders: ClusterFolders,
  name: ComponentName,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<void> {
  const pid = pidOf(folders, name);
  if (pid !== undefined) {
    process.kill(pid, signal);
    const deadline = Date.now() + STOP_SECONDS * 1000;
    while (pidOf(folders, name) !== undefined) {
      if (Date.now() > deadline) process.kill(pid, "SIGKILL");
      await sleep(50);
    }
  }
  rmSync(recordOf(folders, name), { force: true });
}

/** The process id of a component that runs. */
export function pidOf(folders: ClusterFolders, name: ComponentName): number | undefined {
  const file = recordOf(folders, name);
  if (!existsSync(file)) return undefined;
  const { pid, startTime } = JSON.parse(readFileSync(file, "utf8")) as ProcessRecord;
  return startTimeOf(pid) === startTime ? pid : undefined;
}

/** Throws with the end of the component's log if it is not running. */
export async function mustBeAlive(folders: ClusterFolders, name: ComponentName): Promise<void> {
  if (pidOf(folders, name) !== undefined) return;
  const log = logOf(folders, name);
  const output = (await readFile(log, "utf8").catch(() => "")).trim().split("\n").slice(-10).join("\n");
  throw new Error(`Kubernetes: ${name} ended by itself; its last words (all of them: ${log}):\n${output}`);
}

export function logOf(folders: ClusterFolders, name: ComponentName): string {
  return join(folders.logs, `${name}.log`);
}

function recordOf(folders: ClusterFolders, name: ComponentName): string {
  return join(folders.records, `${name}.process.json`);
}

/** In clock ticks since boot (proc_pid_stat(5), field 22); `undefined` if there is no process, or a zombie. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in parentheses, which may contain anything.
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}
