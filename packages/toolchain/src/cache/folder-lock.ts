import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Progress } from "./progress";

const POLL_MS = 250;

/**
 * Runs `work` while holding `<folder>/.lock`, so that two quickstarts (or jest workers) do not build the same thing into one folder at
 * once. The lock is a file made with O_EXCL that holds the owner's process id; one whose owner is gone is taken over.
 */
export async function withFolderLock<T>(folder: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  await fs.mkdir(folder, { recursive: true });
  const file = path.join(folder, ".lock");
  await acquire(file, progress);
  try {
    return await work();
  } finally {
    await fs.rm(file, { force: true });
  }
}

async function acquire(file: string, progress: Progress): Promise<void> {
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      await fs.writeFile(file, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = await ownerOf(file);
    if (owner !== undefined && !isAlive(owner)) {
      await takeOver(file, owner);
      continue;
    }
    if (waited === 2000) progress(`waiting for process ${owner ?? "?"}, which is setting up the same folder (${file})`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** `undefined` while the owner has made the file and not yet written its id. */
async function ownerOf(file: string): Promise<number | undefined> {
  const text = await fs.readFile(file, "utf8").catch(() => "");
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Renaming first makes sure that only one of several waiters removes the dead owner's file, and never a new owner's. */
async function takeOver(file: string, owner: number): Promise<void> {
  const aside = `${file}.${owner}.${process.pid}`;
  try {
    await fs.rename(file, aside);
  } catch {
    return;
  }
  if ((await ownerOf(aside)) !== owner) await fs.rename(aside, file).catch(() => undefined);
  await fs.rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
