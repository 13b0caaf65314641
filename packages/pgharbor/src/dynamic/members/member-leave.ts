import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import type { V1Pod } from "@kubernetes/client-node";
import type { PodPlace } from "../../clients/kubernetes/connection/client";
import { leaderOf } from "../../clients/kubernetes/objects/leader";
import { LEAVING_SECONDS, leftOfMember, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { isRunning, listPods, nameOf } from "../../clients/kubernetes/objects/pods";
import { podPlace, type Place } from "../../clients/place";
import { eventually } from "../../wait/wait-until";
import { isAnotherNoted, noteLeader } from "../volumes/kept-claims";

/** A lock that nobody gave back runs out first. */
const LEADING_SECONDS = 60;

export interface LeavingMember extends Place {
  cluster: string;
  /** `pod/container`. */
  member: string;
  /** The one that leads when the cluster ends: where the claims outlive it, it goes when all others have gone. */
  staysLast?: boolean;
}

/**
 * Of a cluster whose claims stay, when it ends: the first in turn, which leads by now and will start first again, goes last and
 * alone, so that no other leads after it.
 */
export async function leave(inputs: LeavingMember): Promise<void> {
  if (inputs.staysLast !== true) return;
  const { cluster } = inputs;
  const { pod: own } = podContainerOf(inputs.member);
  const place = podPlace(inputs);
  const members = () => listPods(place, ofMembers(cluster));
  if (await isTakenOut(place, await members(), own)) return;
  const othersLeft = async () => (await members()).every((pod) => nameOf(pod) === own);
  if (!(await eventually(LEAVING_SECONDS, othersLeft)))
    console.log(`${cluster}: not every other member has ended within ${LEAVING_SECONDS} s`);
  if (await isAnotherNoted(place, cluster, own)) return;
  const leads = await untilLeads(place, cluster, own, async () =>
    (await members()).some((pod) => nameOf(pod) === own && isRunning(pod, "patroni")),
  );
  await noteLeader(place, cluster, leads ? own : undefined);
  if (!leads) console.log(`${cluster}: ${own} does not lead, so it is not known which claim has all data`);
}

async function untilLeads(place: PodPlace, cluster: string, own: string, runs: () => Promise<boolean>) {
  let leads = false;
  await eventually(LEADING_SECONDS, async () => {
    leads = (await leaderOf(place, cluster)) === own;
    return leads || !(await runs());
  });
  return leads;
}

/** In a destroy, the StatefulSets of all others are gone by now. Where one is there, this member alone is taken out. */
async function isTakenOut(place: PodPlace, members: V1Pod[], own: string): Promise<boolean> {
  for (const name of members.map(nameOf))
    if (name !== own && (await leftOfMember(place, name)) === "StatefulSet") return true;
  return false;
}
