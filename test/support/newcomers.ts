import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { reachedAt, withClient } from "./connect";
import type { WritersOptions } from "./writers";

const EVERY_MILLISECONDS = 250;

/** A client that opens a new connection each time, because existing connections may not notice a fault. */
export class Newcomers {
  private stopping = false;
  private answered = 0;
  private longestGap = 0;
  private lastAt = performance.now();
  private readonly loop = this.connect();

  constructor(private readonly to: Pick<WritersOptions, "uri" | "ca" | "addresses">) {}

  /** Resolves when a connection that began after this call has got an answer. */
  async untilAnswered(timeoutSeconds: number): Promise<void> {
    const [before, deadline] = [this.answered, performance.now() + timeoutSeconds * 1000];
    // The current attempt may have begun before this call.
    while (this.answered < before + 2) {
      if (performance.now() > deadline) throw new Error(`no newcomer got an answer within ${timeoutSeconds} s`);
      await sleep(50);
    }
  }

  /** The longest time without an answer, in seconds. */
  async stop(): Promise<number> {
    this.stopping = true;
    await this.loop;
    return Math.round(Math.max(this.longestGap, performance.now() - this.lastAt) / 100) / 10;
  }

  private async connect(): Promise<void> {
    await sleep(0); // assigned later in the constructor
    const { uri, ca, addresses } = this.to;
    while (!this.stopping) {
      const more = { ...reachedAt(uri, ca, addresses), connectionTimeoutMillis: 2000, query_timeout: 2000 };
      const isAnswered = await withClient(uri, ca, (c) => c.query("select 1"), more).then(
        () => true,
        () => false,
      );
      if (isAnswered) {
        this.answered++;
        this.longestGap = Math.max(this.longestGap, performance.now() - this.lastAt);
        this.lastAt = performance.now();
      }
      await sleep(EVERY_MILLISECONDS);
    }
  }
}
