import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import type { V1Pod } from "@kubernetes/client-node";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { leaderOf } from "../../clients/kubernetes/objects/leader";
import { LEAVING_SECONDS, leftOfMember, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { isRunning, listPods, nameOf } from "../../clients/kubernetes/objects/pods";
import { podLocation, type Location } from "../../clients/location";
import { waitUntil } from "../../wait/wait-until";
import { isAnotherNoted, noteLeader } from "../volumes/kept-claims";

/** A lock that nobody gave back runs out first. */
const LEADING_SECONDS = 60;

export interface LeavingMember extends Location {
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
  const location = podLocation(inputs);
  const members = () => listPods(location, ofMembers(cluster));
  if (await isTakenOut(location, await members(), own)) return;
  const othersLeft = async () => (await members()).every((pod) => nameOf(pod) === own);
  if (!(await waitUntil(LEAVING_SECONDS, othersLeft)))
    console.log(`${cluster}: not every other member has ended within ${LEAVING_SECONDS} s`);
  if (await isAnotherNoted(location, cluster, own)) return;
  const leads = await untilLeads(location, cluster, own, async () =>
    (await members()).some((pod) => nameOf(pod) === own && isRunning(pod, "patroni")),
  );
  await noteLeader(location, cluster, leads ? own : undefined);
  if (!leads) console.log(`${cluster}: ${own} does not lead, so it is not known which claim has all data`);
}

async function untilLeads(location: PodLocation, cluster: string, own: string, runs: () => Promise<boolean>) {
  let leads = false;
  await waitUntil(LEADING_SECONDS, async () => {
    leads = (await leaderOf(location, cluster)) === own;
    return leads || !(await runs());
  });
  return leads;
}

/** In a destroy, the StatefulSets of all others are gone by now. Where one is there, this member alone is taken out. */
async function isTakenOut(location: PodLocation, members: V1Pod[], own: string): Promise<boolean> {
  for (const name of members.map(nameOf))
    if (name !== own && (await leftOfMember(location, name)) === "StatefulSet") return true;
  return false;
}
