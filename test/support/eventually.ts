import { setTimeout as sleep } from "node:timers/promises";

/** Retries `ask` while it throws. When the time is over, throws the last error. */
export async function eventually<T>(ask: () => Promise<T>, seconds = 20): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(200)) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
