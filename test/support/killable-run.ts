import { spawn } from "node:child_process";
import * as fs from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A command of the CLI that a test kills as a power cut would. */
export interface KillableRun {
  /** All output so far. */
  output(): string;
  /** Resolves when it has ended, killed or not. */
  readonly ended: Promise<void>;
  /** Kills its process group at once. Returns the processes that still run: plugins have their own groups. */
  kill(): Promise<Process[]>;
}

export interface Process {
  readonly pid: number;
  readonly command: string;
}

export function startKillable(
  binary: string,
  args: string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): KillableRun {
  const child = spawn(binary, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  // Not `close`: a process that outlives it may keep its output open.
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    output: () => text,
    ended,
    async kill() {
      const family = await descendantsOf(child.pid!);
      process.kill(-child.pid!, "SIGKILL");
      await ended;
      return stillThere(family);
    },
  };
}

/** Waits until these processes have ended. Returns those that still run. */
export async function untilGone(processes: Process[], seconds: number): Promise<Process[]> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(200)) {
    const left = await stillThere(processes);
    if (left.length === 0 || Date.now() > deadline) return left;
  }
}

async function stillThere(processes: Process[]): Promise<Process[]> {
  const now = new Map((await listProcesses()).map((one) => [one.pid, one]));
  return processes.filter(({ pid, command }) => now.get(pid)?.command === command);
}

async function descendantsOf(pid: number): Promise<Process[]> {
  const all = await listProcesses();
  const found: Process[] = [];
  for (let parents = new Set([pid]); parents.size > 0;) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map((one) => one.pid));
  }
  return found;
}

async function listProcesses(): Promise<(Process & { parent: number })[]> {
  const pids = (await fs.readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const read = await Promise.all(pids.map((pid) => readProcess(Number(pid)).catch(() => undefined)));
  return read.filter((one) => one !== undefined);
}

async function readProcess(pid: number): Promise<(Process & { parent: number }) | undefined> {
  const [stat, commandLine] = await Promise.all([
    fs.readFile(`/proc/${pid}/stat`, "utf8"),
    fs.readFile(`/proc/${pid}/cmdline`, "utf8"),
  ]);
  // The state and the parent follow the name, which may contain anything.
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z") return undefined;
  return { pid, parent: Number(parent), command: commandLine.split("\0").join(" ").trim() };
}
