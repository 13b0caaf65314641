import { ExplainedError } from "@pgharbor/core";
import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";

import { execAt, type Location } from "../../clients/location";
import { listedMembers } from "../patroni/listed-members";

/** Without anything new, a member is not waited for longer. */
const CALM_MS = 5 * 60_000;
/** A copy of a large database, or the recovery of one that was killed, takes what it takes. */
const LONGEST_MS = 12 * 3600_000;
/** Patroni's words for a member that works towards being back. */
const AT_WORK = /^(creating replica|starting|restarting|initializing|running custom bootstrap|in archive recovery)/;
const LOOK_SECONDS = 5;

/** Whether a member whose container runs leads or follows again, and whether it is still on its way. */
export class MemberProgress {
  /** Completes "it …". */
  status = "starts Patroni";
  private state = "";
  /** Whether it was not in this state before, and left it. */
  private isFirstStay = true;
  private readonly former = new Set<string>();
  private since = Date.now();
  private readonly started = Date.now();

  constructor(
    private readonly location: Location,
    private readonly member: string,
  ) {}

  /** Throws when it is not back in time. A member that only goes round between states is not at work. */
  async isBack(): Promise<boolean> {
    const waited = await this.ask(["wait-self", "--timeout", String(LOOK_SECONDS)]);
    if (waited.code === 0) return true;
    const state = await this.stateNow();
    const isOther = state !== this.state;
    if (isOther) this.isFirstStay = !this.former.has(state);
    if (this.isFirstStay && (isOther || AT_WORK.test(state))) this.since = Date.now();
    this.former.add(state);
    this.state = state;
    this.status = state === "" ? `starts Patroni (${waited.said})` : `is ${JSON.stringify(state)} in Patroni's words`;
    if (Date.now() - this.since > CALM_MS || Date.now() - this.started > LONGEST_MS) throw this.timedOut(waited.said);
    return false;
  }

  private async stateNow(): Promise<string> {
    const { code, said } = await this.ask(["status"]);
    if (code !== 0) return "";
    const { pod } = podContainerOf(this.member);
    return listedMembers(said).find(({ name }) => name === pod)?.state ?? "";
  }

  /** A container that just goes away answers nothing: the pod's own state says why. */
  private async ask(command: string[]): Promise<{ code: number; said: string }> {
    try {
      const result = await execAt(this.location, this.member, ["pgharbor-patroni", ...command], { repeatable: true });
      return { code: result.code, said: (result.code === 0 ? result.stdout : result.stderr).trim() };
    } catch (error) {
      if (error instanceof ExplainedError && ["401", "403"].includes(error.code ?? "")) throw error;
      return { code: -1, said: (error as Error).message };
    }
  }

  private timedOut(said: string): Error {
    const { pod, container } = podContainerOf(this.member);
    const namespace = this.location.kubernetes?.namespace;
    const calm = Date.now() - this.since;
    const why =
      calm > CALM_MS
        ? `nothing has changed for ${Math.round(calm / 60_000)} minutes`
        : `is still at work after ${LONGEST_MS / 3600_000} hours`;
    return new ExplainedError({
      path: `${this.member} in namespace ${namespace}`,
      problem: `the member does not lead and does not follow, and ${why}`,
      value: this.state === "" ? said : `${JSON.stringify(this.state)}: ${said}`,
      fix: `correct what its log complains of; see \`kubectl -n ${namespace} logs ${pod} -c ${container}\``,
    });
  }
}
