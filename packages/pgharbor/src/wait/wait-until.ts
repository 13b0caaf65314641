import { setTimeout as sleep } from "node:timers/promises";

export interface WaitOptions {
  /** Seconds after which no further attempt is made. */
  within: number;
  /** Milliseconds between two attempts. @default 500 */
  every?: number;
  done: () => Promise<boolean>;
}

/** @returns false where `done` was not true in time */
export async function waitUntil({ within, every = 500, done }: WaitOptions): Promise<boolean> {
  for (const deadline = Date.now() + within * 1000; !(await done()); await sleep(every))
    if (Date.now() > deadline) return false;
  return true;
}
