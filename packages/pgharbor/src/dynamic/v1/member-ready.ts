import { isDeepStrictEqual } from "node:util";
import { comparablePlace, execAt, placeOf, type Place } from "../../reach/place";
import type { Handler } from "./handler";
import { waitForMember } from "./patroni";

/** That one member follows or leads, before the next one is touched. */
export interface MemberReadyInputs extends Place {
  /** `pod/container`. */
  member: string;
  cluster: string;
  /** What the member's pod is made of: a change of it makes a new pod. */
  madeOf: Record<string, unknown>;
}

export const memberReady: Handler<MemberReadyInputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await untilReady(inputs);
    return { id: `${inputs.cluster}/${inputs.member}`, outs: inputs };
  },
  async update(_id, _olds, news) {
    await untilReady(news);
    return { outs: news };
  },
};

const comparable = (inputs: MemberReadyInputs) => ({
  ...comparablePlace(inputs),
  member: inputs.member,
  cluster: inputs.cluster,
  madeOf: inputs.madeOf,
});

async function untilReady(inputs: MemberReadyInputs): Promise<void> {
  await waitForMember(placeOf(inputs), inputs.member);
  const synced = await execAt(placeOf(inputs), inputs.member, ["pgharbor-patroni", "sync-roles"], { repeatable: true });
  // An image from before there was that command has no roles to sync; argparse ends with 2 then.
  if (synced.code === 0 || (synced.code === 2 && synced.stderr.includes("invalid choice"))) return;
  throw new Error(`${inputs.member}: the roles of ${inputs.cluster} could not be synced: ${synced.stderr.trim()}`);
}
