import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "./progress";

/**
 * Runs `work` while holding `<folder>/.lock`, so that two quickstarts (or jest workers) do not build the same thing into one folder at
 * once. The lock is the kernel's (flock), which ends with the process that holds it, however that process ends, so there are no stale
 * locks. The file stays, because removing it would let two processes lock two files of one name.
 */
export async function withFolderLock<T>(folder: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  await fs.mkdir(folder, { recursive: true });
  const file = path.join(folder, ".lock");
  const holder = await acquire(file, progress);
  try {
    await fs.writeFile(file, String(process.pid));
    return await work();
  } finally {
    await fs.writeFile(file, "");
    const exited = once(holder, "exit");
    holder.stdin?.end();
    await exited;
  }
}

/** `cat` holds the lock while its input is open: until it is closed here, or by the kernel when this process ends. */
async function acquire(file: string, progress: Progress): Promise<ChildProcess> {
  // In a separate process group, because Ctrl+C in a terminal would end it before the owner has cleaned up.
  const holder = spawn("flock", [file, "sh", "-c", "echo; exec cat"], { detached: true });
  let complaint = "";
  holder.stderr.on("data", (data) => (complaint += String(data)));
  const telling = setTimeout(() => void tell(file, progress), 2000);
  try {
    return await new Promise((resolve, reject) => {
      holder.stdout.once("data", () => resolve(holder));
      holder.once("error", reject);
      holder.once("close", (code) =>
        reject(new Error(`${file} cannot be locked: ${complaint.trim() || `flock ended with ${code}`}`)),
      );
    });
  } finally {
    clearTimeout(telling);
  }
}

async function tell(file: string, progress: Progress): Promise<void> {
  const owner = await fs.readFile(file, "utf8").catch(() => "");
  progress(`waiting for process ${owner || "?"}, which is setting up the same folder (${file})`);
}
