import { ExplainedError } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";

import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { LEAVING_SECONDS, remainsOfMember } from "../../clients/kubernetes/objects/member-pod";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, locationOf, podLocation, type Location } from "../../clients/location";
import { askMembers } from "../patroni/ask-members";
import { stateOnly } from "../provider/precondition";
import type { Handler } from "../provider/handler";
import { clearLastLeader } from "../volumes/kept-claims";

/** The membership of a member in its cluster, which outlives the container. */
export type MembershipInputs = Location & {
  cluster: string;
  /** Patroni's name of the member. */
  member: string;
  /** Containers of the members before this one, which stay when it is removed. */
  before: string[];
  /** On Kubernetes: the claim that is deleted together with the member, including the data. */
  deleteClaim?: string;
};

/** Patroni forgets a member once its key has expired: this is more than the longest ttl of the modes. */
const FORGOTTEN_SECONDS = 180;
const RESTORE_TRIES = 5;

interface Listed {
  Member: string;
  State: string;
}

export const membership: Handler<MembershipInputs> = {
  ...stateOnly<MembershipInputs>({
    id: (inputs) => `${inputs.cluster}/${inputs.member}`,
    comparable: (inputs) => ({
      ...comparableLocation(inputs),
      before: inputs.before,
      deleteClaim: inputs.deleteClaim ?? "",
    }),
  }),
  /**
   * Runs after the member's container is gone. Otherwise Patroni would keep the replication slot, and WAL for it, for
   * half an hour.
   */
  async delete(_id, props) {
    if (props.kubernetes !== undefined && !(await waitUntilLeft(props))) return;
    try {
      await dropSlot(props);
    } catch (error) {
      console.log(
        `the replication slot of ${props.cluster}'s former member ${props.member} expires within half an hour: ${messageOf(error)}`,
      );
    }
    if (props.kubernetes === undefined) return;
    await clearLastLeader(podLocation(props), props.cluster);
    if (props.deleteClaim !== undefined) await deleteClaim(podLocation(props), props.deleteClaim);
  },
};

/**
 * Waits until the member's pod is gone. @returns false for a member that still exists, which keeps its slot and its
 * data
 */
async function waitUntilLeft(props: MembershipInputs & PodLocation): Promise<boolean> {
  const location = podLocation(props);
  for (let waited = 0; waited < LEAVING_SECONDS; waited++) {
    const remains = await remainsOfMember(location, props.member);
    if (remains === undefined) return true;
    if (remains === "StatefulSet") {
      console.log(`${props.member} is still a member of ${props.cluster}, and keeps its replication slot and its data`);
      return false;
    }
    await sleep(1000);
  }
  const path = `pod ${location.kubernetes.namespace}/${props.member}`;
  const fix = "see why it does not end; if its node is lost, delete it with --force; then run it again";
  throw new ExplainedError({
    path,
    problem: `has not ended within ${LEAVING_SECONDS} s`,
    value: "a member that was removed",
    fix,
  });
}

async function dropSlot(props: MembershipInputs): Promise<void> {
  const others = await waitUntilForgotten(props);
  const absent = others.filter((other) => !["running", "streaming"].includes(other.State));
  if (absent.length > 0) throw new Error(`${absent.map((other) => other.Member).join(", ")} would lose theirs too`);
  try {
    // 1, not 0: Patroni notices existing members within a second, so only the slots of missing members are dropped.
    await configure(props, (config) => ({ ...config, member_slots_ttl: 1 }));
  } finally {
    await restore(props);
  }
}

/** Removes the temporary setting, also after a failure or where it was read in the middle of another deletion. */
async function restore(props: MembershipInputs): Promise<void> {
  for (let tries = RESTORE_TRIES; ; tries--) {
    try {
      return await configure(props, (config) => config);
    } catch (error) {
      if (tries === 1) throw new Error(`member_slots_ttl may still be in Patroni's configuration: ${messageOf(error)}`);
    }
    await sleep(2000);
  }
}

async function configure(props: MembershipInputs, change: (config: object) => object): Promise<void> {
  const config = JSON.parse(await ask(props, ["pgharbor-patroni", "get-config"])) as Record<string, unknown>;
  delete config.member_slots_ttl;
  await ask(props, ["pgharbor-patroni", "apply-config"], JSON.stringify(change(config)));
}

async function waitUntilForgotten(props: MembershipInputs): Promise<Listed[]> {
  for (let waited = 0; waited < FORGOTTEN_SECONDS; waited++) {
    const listed = JSON.parse(await ask(props, ["patronictl", "list", "-f", "json"])) as Listed[];
    if (!listed.some((one) => one.Member === props.member)) return listed;
    await sleep(1000);
  }
  throw new Error(`Patroni still lists it after ${FORGOTTEN_SECONDS} s`);
}

const ask = (props: MembershipInputs, command: string[], stdin?: string): Promise<string> =>
  askMembers(locationOf(props), props.cluster, props.before, command, { stdin });

const messageOf = (error: unknown): string => (error as Error).message;
