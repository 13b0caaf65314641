import { setTimeout as sleep } from "node:timers/promises";
import type { PodPlace } from "../../reach/kubernetes/client";
import { leaderOf } from "../../reach/kubernetes/leader";
import { LEAVING_SECONDS, ofMembers } from "../../reach/kubernetes/member-pod";
import { isRunning, listPods, nameOf } from "../../reach/kubernetes/pods";
import { execAt, placeOf, podPlace } from "../../reach/place";
import { isAnotherNoted, noteLeader } from "./kept-claims";
import type { MemberReadyInputs } from "./member-ready";

/** A lock that nobody gave back runs out first. */
const LEADING_SECONDS = 60;
/** Between two leaders. Where there is none at all, no one hands over. */
const NO_LEADER_SECONDS = 10;

/**
 * Of a cluster whose claims stay, before its members go: the last in turn goes first, and the first in turn, which will start
 * first again, goes last. It is made to lead while all are there, for only then is it sure to have everything, and it goes alone,
 * so that no other leads after it. Where it cannot lead, who did instead is noted on the claims.
 */
export async function leave(inputs: MemberReadyInputs): Promise<void> {
  if (inputs.leavesTo === undefined) return;
  const [own] = inputs.member.split("/");
  if (own === inputs.leavesTo) await stayLast(inputs, own);
  else await handOver(inputs, inputs.leavesTo);
}

async function handOver(inputs: MemberReadyInputs, first: string): Promise<void> {
  const { cluster } = inputs;
  const place = podPlace(inputs);
  let leader: string | undefined;
  const look = async () => (leader = await leaderOf(place, cluster)) !== undefined;
  if (!(await until(NO_LEADER_SECONDS, look))) return;
  const problem = leader === first ? undefined : await switchover(inputs, first);
  // What was noted while there was a leader stays, when there is none any more.
  if (!(await until(NO_LEADER_SECONDS, look))) return;
  await noteLeader(place, cluster, leader);
  if (leader !== first) console.log(`${cluster}: ${leader} led last, for ${first} cannot take over: ${problem}`);
}

async function switchover(inputs: MemberReadyInputs, to: string): Promise<string | undefined> {
  try {
    const result = await execAt(placeOf(inputs), inputs.member, ["pgharbor-patroni", "switchover", "--to", to]);
    return result.code === 0 ? undefined : result.stderr.trim();
  } catch (error) {
    return (error as Error).message;
  }
}

async function stayLast(inputs: MemberReadyInputs, own: string): Promise<void> {
  const { cluster } = inputs;
  const place = podPlace(inputs);
  const members = () => listPods(place, ofMembers(cluster));
  const othersLeft = async () => (await members()).every((pod) => nameOf(pod) === own);
  if (!(await until(LEAVING_SECONDS, othersLeft)))
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
  await until(LEADING_SECONDS, async () => {
    leads = (await leaderOf(place, cluster)) === own;
    return leads || !(await runs());
  });
  return leads;
}

async function until(seconds: number, done: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; !(await done()); await sleep(500))
    if (Date.now() > deadline) return false;
  return true;
}
