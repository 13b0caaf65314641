import { ExplainedError } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";

import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { stuck, type Trouble } from "./pod-trouble";

/** How far pods have come. */
export interface Look {
  done: boolean;
  /** Completes "it …". */
  status: string;
  trouble?: Trouble;
  /** Something that may take long is under way, and watched by whoever looks. */
  isAtWork?: boolean;
}

const POLL_MS = 500;
/** What is over by then is not worth a line. */
const QUIET_MS = 5_000;
/** Whatever it is: as long as Pulumi's own provider waits. */
const MOST_MS = 10 * 60_000;
/** An API server that restarts, or moves. */
const AWAY_MS = 60_000;

/** Waits for pods, tells what it waits for, and ends early where waiting does not help. */
export class PodWatch {
  private started = Date.now();
  private troubled?: { kind: string; since: number };
  private told = "";
  private status = { text: "", since: Date.now() };
  private awaySince?: number;

  constructor(
    private readonly location: PodLocation,
    /** As kubectl takes it: `statefulset/shop-m1`. */
    private readonly workload: string,
  ) {}

  /** Until `look` is done. */
  async until(look: () => Promise<Look>): Promise<void> {
    for (;;) {
      const found = await this.tolerant(look);
      if (found?.done === true) return;
      if (found !== undefined) this.judge(found, Date.now());
      await sleep(POLL_MS);
    }
  }

  private async tolerant(look: () => Promise<Look>): Promise<Look | undefined> {
    try {
      const found = await look();
      this.awaySince = undefined;
      return found;
    } catch (error) {
      const isAway = error instanceof ExplainedError && /^(429|5..)?$/.test(error.code ?? "");
      this.awaySince ??= Date.now();
      if (!isAway || Date.now() - this.awaySince > AWAY_MS) throw error;
      return undefined;
    }
  }

  private judge({ status, trouble, isAtWork }: Look, now: number): void {
    if (isAtWork === true) this.started = now;
    this.tell(trouble === undefined ? status : `${trouble.path}: ${trouble.problem}: ${trouble.value}`, now);
    const since = trouble?.kind === this.troubled?.kind ? (this.troubled?.since ?? now) : now;
    this.troubled = trouble === undefined ? undefined : { kind: trouble.kind, since };
    if (trouble !== undefined && now - since >= trouble.patienceMs) throw this.failed(trouble);
    if (now - this.started < MOST_MS) return;
    throw this.failed(
      trouble ?? stuck(this.workload, `is not ready after ${MOST_MS / 60_000} minutes`, `it ${status}`),
    );
  }

  private tell(text: string, now: number): void {
    if (this.status.text !== text) this.status = { text, since: now };
    if (this.told === text || now - this.status.since < QUIET_MS) return;
    this.told = text;
    console.log(`${this.workload}: waiting; ${text}`);
  }

  private failed({ path, problem, value, fix, see }: Trouble): Error {
    const { namespace } = this.location.kubernetes;
    const more = `see \`kubectl -n ${namespace} ${see}\``;
    return new ExplainedError({ path: `${path} in namespace ${namespace}`, problem, value, fix: `${fix}; ${more}` });
  }
}

export const gone = (workload: string, namespace: string): Error =>
  new ExplainedError({
    path: `${workload} in namespace ${namespace}`,
    problem: "was deleted while it was waited for",
    value: "nothing",
    fix: "run `pulumi refresh`, and `pulumi up` again",
  });
