import { isDeepStrictEqual } from "node:util";
import { leaderOf } from "../../reach/kubernetes/leader";
import { comparablePlace, execAt, placeOf, podPlace, type Place } from "../../reach/place";
import { eventually } from "./eventually";
import type { Handler } from "./handler";
import { noteLeader } from "./kept-claims";

/** Who leads a cluster when it ends. */
export interface LastLeaderInputs extends Place {
  cluster: string;
  /** Where the claims outlive the cluster: the first member in turn, `pod/container`. */
  member?: string;
}

/** Between two leaders. Where there is none at all, no one hands over. */
const NO_LEADER_SECONDS = 10;

/**
 * Deleted before any member of a cluster is, and only with the cluster. Where claims stay, the first in turn, which will start
 * first again, is then made to lead: while all members are there, for only then is it sure to have everything. Where it cannot,
 * who leads instead is noted on the claims.
 */
export const lastLeader: Handler<LastLeaderInputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, _olds, news) {
    return { outs: news };
  },
  async delete(_id, props) {
    if (props.member !== undefined) await handOver(props, props.member);
  },
};

const comparable = (inputs: LastLeaderInputs) => ({
  ...comparablePlace(inputs),
  cluster: inputs.cluster,
  member: inputs.member ?? "",
});

async function handOver(inputs: LastLeaderInputs, member: string): Promise<void> {
  const { cluster } = inputs;
  const [first, container] = member.split("/");
  const place = podPlace(inputs);
  let leader: string | undefined;
  const look = async () => (leader = await leaderOf(place, cluster)) !== undefined;
  if (!(await eventually(NO_LEADER_SECONDS, look))) return;
  const problem = leader === first ? undefined : await switchover(inputs, `${leader}/${container}`, first!);
  // What was noted while there was a leader stays, when there is none any more.
  if (!(await eventually(NO_LEADER_SECONDS, look))) return;
  await noteLeader(place, cluster, leader);
  if (leader !== first) console.log(`${cluster}: ${leader} led last, for ${first} cannot take over: ${problem}`);
}

async function switchover(inputs: LastLeaderInputs, member: string, to: string): Promise<string | undefined> {
  try {
    const result = await execAt(placeOf(inputs), member, ["pgharbor-patroni", "switchover", "--to", to]);
    return result.code === 0 ? undefined : result.stderr.trim();
  } catch (error) {
    return (error as Error).message;
  }
}
