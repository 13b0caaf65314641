import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import { leaderOf } from "../../clients/kubernetes/objects/leader";
import { comparableLocation, locationOf, podLocation, type Location } from "../../clients/location";
import { waitUntil } from "../../wait/wait-until";
import { remembered } from "../provider/gate";
import type { Handler } from "../provider/handler";
import { noteLeader } from "../volumes/kept-claims";
import { problemOfCommand } from "./problem-of-command";

/** Who leads a cluster when it ends. */
export interface LastLeaderInputs extends Location {
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
  ...remembered<LastLeaderInputs>({
    id: (inputs) => inputs.cluster,
    comparable: (inputs) => ({
      ...comparableLocation(inputs),
      cluster: inputs.cluster,
      member: inputs.member ?? "",
    }),
  }),
  async delete(_id, props) {
    if (props.member !== undefined) await handOver(props, props.member);
  },
};

async function handOver(inputs: LastLeaderInputs, member: string): Promise<void> {
  const { cluster } = inputs;
  const { pod: first, container } = podContainerOf(member);
  const location = podLocation(inputs);
  let leader: string | undefined;
  const look = async () => (leader = await leaderOf(location, cluster)) !== undefined;
  if (!(await waitUntil(NO_LEADER_SECONDS, look))) return;
  const command = ["pgharbor-patroni", "switchover", "--to", first];
  const problem =
    leader === first ? undefined : await problemOfCommand(locationOf(inputs), `${leader}/${container}`, command);
  // What was noted while there was a leader stays, when there is none any more.
  if (!(await waitUntil(NO_LEADER_SECONDS, look))) return;
  await noteLeader(location, cluster, leader);
  if (leader !== first) console.log(`${cluster}: ${leader} led last, for ${first} cannot take over: ${problem}`);
}
