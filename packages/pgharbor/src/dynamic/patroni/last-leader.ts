import { podContainerOf } from "../../clients/kubernetes/exec/pod-container";
import { leaderOf } from "../../clients/kubernetes/objects/leader";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, locationOf, podLocation } from "../../clients/location";
import { waitUntil } from "../../wait/wait-until";
import { stateOnly } from "../provider/precondition";
import type { Handler } from "../provider/handler";
import { markLastLeader } from "../volumes/kept-claims";
import { problemOfCommand } from "./problem-of-command";

/** Inputs of a cluster's last switchover, which the deletion of the cluster makes. */
export interface LastLeaderInputs extends PodLocation {
  cluster: string;
  /** The first member in order, `pod/container`. Set only where the claims outlive the cluster. */
  member?: string;
}

/** The time between two leaders. A cluster without a leader has no switchover. */
const NO_LEADER_SECONDS = 10;

/**
 * Deleted before the members of a cluster, and only with the cluster. Where claims stay, the first member in order, which will start
 * first again, becomes the leader while all members run, because only then it surely has all data. Where it cannot, the claims
 * record the actual leader.
 */
export const lastLeader: Handler<LastLeaderInputs> = {
  ...stateOnly<LastLeaderInputs>({
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
  const hasLeader = async () => (leader = await leaderOf(location, cluster)) !== undefined;
  if (!(await waitUntil({ within: NO_LEADER_SECONDS, done: hasLeader }))) return;
  const command = ["pgharbor-patroni", "switchover", "--to", first];
  const problem =
    leader === first ? undefined : await problemOfCommand(locationOf(inputs), `${leader}/${container}`, command);
  // Without a leader now, the former marker stays.
  if (!(await waitUntil({ within: NO_LEADER_SECONDS, done: hasLeader }))) return;
  await markLastLeader(location, cluster, leader);
  if (leader !== first)
    console.log(`${cluster}: ${leader} was the last leader, because ${first} cannot become primary: ${problem}`);
}
