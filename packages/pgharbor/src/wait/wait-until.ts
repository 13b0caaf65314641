import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** Timeout in seconds. */
  within: number;
  /** Milliseconds between two calls of `done`. @default 500 */
  every?: number;
  done: () => Promise<boolean>;
}

/** @returns false if `done` did not return true in time */
export async function waitUntil({ within, every = 500, done }: WaitOptions): Promise<boolean> {
  for (const deadline = Date.now() + within * 1000; !(await done()); await sleep(every))
    if (Date.now() > deadline) return false;
  return true;
}
