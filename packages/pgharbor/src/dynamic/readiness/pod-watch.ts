import { ExplainedError } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";

import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { stuck, type Trouble } from "./pod-trouble";

/** The progress of pods. */
export interface Look {
  done: boolean;
  /** Completes "it …". */
  status: string;
  trouble?: Trouble;
  /** A long task is running that the caller watches itself. */
  isAtWork?: boolean;
}

const POLL_MS = 500;
/** A shorter wait is not reported. */
const QUIET_MS = 5_000;
/** Pulumi's own provider waits as long. */
const MOST_MS = 10 * 60_000;
/** An API server may restart or move for this long. */
const AWAY_MS = 60_000;

/** Waits for pods, reports the reason, and fails early where waiting does not help. */
export class PodWatch {
  private started = Date.now();
  private troubled?: { kind: string; since: number };
  private reported = "";
  private status = { text: "", since: Date.now() };
  private awaySince?: number;

  constructor(
    private readonly location: PodLocation,
    /** kubectl's name of the workload, `statefulset/shop-m1`. */
    private readonly workload: string,
  ) {}

  async waitUntilDone(look: () => Promise<Look>): Promise<void> {
    for (;;) {
      const found = await this.lookUnlessAway(look);
      if (found?.done === true) return;
      if (found !== undefined) this.assess(found, Date.now());
      await sleep(POLL_MS);
    }
  }

  private async lookUnlessAway(look: () => Promise<Look>): Promise<Look | undefined> {
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

  private assess({ status, trouble, isAtWork }: Look, now: number): void {
    if (isAtWork === true) this.started = now;
    this.report(trouble === undefined ? status : `${trouble.path}: ${trouble.problem}: ${trouble.value}`, now);
    const since = trouble?.kind === this.troubled?.kind ? (this.troubled?.since ?? now) : now;
    this.troubled = trouble === undefined ? undefined : { kind: trouble.kind, since };
    if (trouble !== undefined && now - since >= trouble.patienceMs) throw this.failed(trouble);
    if (now - this.started < MOST_MS) return;
    throw this.failed(
      trouble ?? stuck(this.workload, `is not ready after ${MOST_MS / 60_000} minutes`, `it ${status}`),
    );
  }

  private report(text: string, now: number): void {
    if (this.status.text !== text) this.status = { text, since: now };
    if (this.reported === text || now - this.status.since < QUIET_MS) return;
    this.reported = text;
    console.log(`${this.workload}: waiting; ${text}`);
  }

  private failed({ path, problem, value, fix, see }: Trouble): Error {
    const { namespace } = this.location.kubernetes;
    const more = `see \`kubectl -n ${namespace} ${see}\``;
    return new ExplainedError({ path: `${path} in namespace ${namespace}`, problem, value, fix: `${fix}; ${more}` });
  }
}

export const workloadDeleted = (workload: string, namespace: string): Error =>
  new ExplainedError({
    path: `${workload} in namespace ${namespace}`,
    problem: "was deleted while pgharbor waited for it",
    value: "nothing",
    fix: "run `pulumi refresh`, and `pulumi up` again",
  });
