import { ExplainedError } from "@pgharbor/core";
import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";

import { execAt, type Location } from "../../clients/location";
import { listedMembers } from "../patroni/listed-members";

/** The longest wait without progress. */
const CALM_MS = 5 * 60_000;
/** The copy or crash recovery of a large database may take this long. */
const LONGEST_MS = 12 * 3600_000;
/** Patroni's states of a member that is about to rejoin. */
const AT_WORK = /^(creating replica|starting|restarting|initializing|running custom bootstrap|in archive recovery)/;
const POLL_SECONDS = 5;

/** Follows a member with a running container until it leads or follows again. */
export class MemberProgress {
  /** Completes "it …". */
  status = "starts Patroni";
  private state = "";
  /** False where the member was in this state before and left it. */
  private isFirstStay = true;
  private readonly former = new Set<string>();
  private since = Date.now();
  private readonly started = Date.now();

  constructor(
    private readonly location: Location,
    private readonly member: string,
  ) {}

  /**
   * Throws when the member makes no progress. Cycling between the same states is no progress.
   * @returns true once the member leads or follows
   */
  async poll(): Promise<boolean> {
    const waited = await this.ask(["wait-self", "--timeout", String(POLL_SECONDS)]);
    if (waited.code === 0) return true;
    const state = await this.stateNow();
    const isOther = state !== this.state;
    if (isOther) this.isFirstStay = !this.former.has(state);
    if (this.isFirstStay && (isOther || AT_WORK.test(state))) this.since = Date.now();
    this.former.add(state);
    this.state = state;
    this.status = state === "" ? `starts Patroni (${waited.output})` : `is ${JSON.stringify(state)} in Patroni's words`;
    if (Date.now() - this.since > CALM_MS || Date.now() - this.started > LONGEST_MS) throw this.timedOut(waited.output);
    return false;
  }

  private async stateNow(): Promise<string> {
    const { code, output } = await this.ask(["status"]);
    if (code !== 0) return "";
    const { pod } = podContainerOf(this.member);
    return listedMembers(output).find(({ name }) => name === pod)?.state ?? "";
  }

  /** A terminating container does not answer. The pod's status shows the reason. */
  private async ask(command: string[]): Promise<{ code: number; output: string }> {
    try {
      const result = await execAt(this.location, this.member, ["pgharbor-patroni", ...command], { repeatable: true });
      return { code: result.code, output: (result.code === 0 ? result.stdout : result.stderr).trim() };
    } catch (error) {
      if (error instanceof ExplainedError && ["401", "403"].includes(error.code ?? "")) throw error;
      return { code: -1, output: (error as Error).message };
    }
  }

  private timedOut(output: string): Error {
    const { pod, container } = podContainerOf(this.member);
    const namespace = this.location.kubernetes?.namespace;
    const calm = Date.now() - this.since;
    const why =
      calm > CALM_MS
        ? `nothing has changed for ${Math.round(calm / 60_000)} minutes`
        : `is still at work after ${LONGEST_MS / 3600_000} hours`;
    return new ExplainedError({
      path: `${this.member} in namespace ${namespace}`,
      problem: `the member neither leads nor follows, and ${why}`,
      value: this.state === "" ? output : `${JSON.stringify(this.state)}: ${output}`,
      fix: `correct the error in its log; see \`kubectl -n ${namespace} logs ${pod} -c ${container}\``,
    });
  }
}
