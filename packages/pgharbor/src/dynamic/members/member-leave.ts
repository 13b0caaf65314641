import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import type { V1Pod } from "@kubernetes/client-node";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { leaderOf } from "../../clients/kubernetes/objects/leader";
import { LEAVING_SECONDS, remainsOfMember, membersSelector } from "../../clients/kubernetes/objects/member-pod";
import { isRunning, listPods, nameOf } from "../../clients/kubernetes/objects/pods";
import { podLocation } from "../../clients/location";
import { waitUntil } from "../../wait/wait-until";
import { isAnotherMarked, markLastLeader } from "../volumes/kept-claims";

/** A leader lock that was not released must expire first. */
const LEADING_SECONDS = 60;

export interface LeavingMember extends PodLocation {
  cluster: string;
  /** `pod/container`. */
  member: string;
  /** True for the leader at the deletion of a cluster whose claims stay: it is deleted after all others. */
  staysLast?: boolean;
}

/**
 * Runs before a member is deleted. Where claims stay, the first member in order, which leads by now and will start first again, waits
 * until all others have gone, so that no other leads after it.
 */
export async function prepareLeave(inputs: LeavingMember): Promise<void> {
  if (inputs.staysLast !== true) return;
  const { cluster } = inputs;
  const { pod: own } = podContainerOf(inputs.member);
  const location = podLocation(inputs);
  const members = () => listPods(location, membersSelector(cluster));
  if (await isRemovedAlone(location, await members(), own)) return;
  const othersLeft = async () => (await members()).every((pod) => nameOf(pod) === own);
  if (!(await waitUntil({ within: LEAVING_SECONDS, done: othersLeft })))
    console.log(`${cluster}: not every other member has ended within ${LEAVING_SECONDS} s`);
  if (await isAnotherMarked(location, cluster, own)) return;
  const leads = await waitUntilLeads(location, cluster, own, async () =>
    (await members()).some((pod) => nameOf(pod) === own && isRunning(pod, "patroni")),
  );
  await markLastLeader(location, cluster, leads ? own : undefined);
  if (!leads) console.log(`${cluster}: ${own} does not lead, so it is not known which claim has all data`);
}

async function waitUntilLeads(location: PodLocation, cluster: string, own: string, runs: () => Promise<boolean>) {
  let leads = false;
  const done = async () => {
    leads = (await leaderOf(location, cluster)) === own;
    return leads || !(await runs());
  };
  await waitUntil({ within: LEADING_SECONDS, done });
  return leads;
}

/** In a destroy, the StatefulSets of all others are gone by now. Where one exists, only this member is removed. */
async function isRemovedAlone(location: PodLocation, members: V1Pod[], own: string): Promise<boolean> {
  for (const name of members.map(nameOf))
    if (name !== own && (await remainsOfMember(location, name)) === "StatefulSet") return true;
  return false;
}
