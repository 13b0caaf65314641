import { setTimeout as sleep } from "node:timers/promises";

/** @returns whether it was done in time */
export async function waitUntil(seconds: number, done: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; !(await done()); await sleep(500))
    if (Date.now() > deadline) return false;
  return true;
}
