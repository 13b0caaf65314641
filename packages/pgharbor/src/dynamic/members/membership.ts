import { ExplainedError } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";

import { deleteClaim } from "../../clients/kubernetes/objects/clean-up";
import { LEAVING_SECONDS, leftOfMember } from "../../clients/kubernetes/objects/member-pod";
import { comparableLocation, locationOf, podLocation, type Location } from "../../clients/location";
import { askMembers } from "../patroni/ask-members";
import { remembered } from "../provider/gate";
import type { Handler } from "../provider/handler";
import { forgetLeader } from "../volumes/kept-claims";

/** A member's place in its cluster, which outlives its container. */
export interface MembershipInputs extends Location {
  cluster: string;
  /** As Patroni names it. */
  member: string;
  /** Containers of the members that were there before it: they stay when it goes. */
  before: string[];
  /** On Kubernetes, the claim that goes with the member, and its data. */
  deleteClaim?: string;
}

/** Patroni forgets a member once its key has run out: the longest ttl of the modes, and some. */
const FORGOTTEN_SECONDS = 180;
const RESTORE_TRIES = 5;

interface Listed {
  Member: string;
  State: string;
}

export const membership: Handler<MembershipInputs> = {
  ...remembered<MembershipInputs>({
    id: (inputs) => `${inputs.cluster}/${inputs.member}`,
    comparable: (inputs) => ({
      ...comparableLocation(inputs),
      before: inputs.before,
      deleteClaim: inputs.deleteClaim ?? "",
    }),
  }),
  /** After the container is gone. Patroni would keep its replication slot for half an hour, and WAL with it. */
  async delete(_id, props) {
    if (props.kubernetes !== undefined && !(await hasLeft(props))) return;
    try {
      await dropSlot(props);
    } catch (error) {
      console.log(
        `the replication slot of ${props.cluster}'s former member ${props.member} goes by itself within half an hour: ${messageOf(error)}`,
      );
    }
    if (props.kubernetes !== undefined) await forgetLeader(podLocation(props), props.cluster);
    if (props.deleteClaim !== undefined) await deleteClaim(podLocation(props), props.deleteClaim);
  },
};

/** Whatever made this go: a member that is there keeps its slot and its data. */
async function hasLeft(props: MembershipInputs): Promise<boolean> {
  const location = podLocation(props);
  for (let waited = 0; waited < LEAVING_SECONDS; waited++) {
    const left = await leftOfMember(location, props.member);
    if (left === undefined) return true;
    if (left === "StatefulSet") {
      console.log(`${props.member} is a member of ${props.cluster} still: it keeps its replication slot and its data`);
      return false;
    }
    await sleep(1000);
  }
  const path = `pod ${location.kubernetes.namespace}/${props.member}`;
  const fix = "see why it does not end; where its node is lost, delete it with --force; then run it again";
  throw new ExplainedError({
    path,
    problem: `has not ended within ${LEAVING_SECONDS} s`,
    value: "a member that was taken out",
    fix,
  });
}

async function dropSlot(props: MembershipInputs): Promise<void> {
  const others = await untilForgotten(props);
  const absent = others.filter((other) => !["running", "streaming"].includes(other.State));
  if (absent.length > 0) throw new Error(`${absent.map((other) => other.Member).join(", ")} would lose theirs too`);
  try {
    // 1, not 0: members that are there are seen within a second, so that only the slots of others end.
    await configure(props, (config) => ({ ...config, member_slots_ttl: 1 }));
  } finally {
    await restore(props);
  }
}

/** It is never ours, so it is never to stay: not after a failure, nor where another deletion was read in the middle. */
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

async function untilForgotten(props: MembershipInputs): Promise<Listed[]> {
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
