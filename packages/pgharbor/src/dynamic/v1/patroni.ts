import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { unlessGone } from "../../reach/kubernetes/namespace";
import { comparablePlace, execAt, placeOf, podPlace, type Place } from "../../reach/place";
import { askMembers } from "./ask-members";
import type { Handler } from "./handler";
import { forgetLeader } from "./kept-claims";
import { isMarked, markedAs } from "./unsettled";

/** What all members of a cluster agree on: that they are there, and Patroni's dynamic configuration. */
export interface PatroniInputs extends Place {
  cluster: string;
  /** Containers of the members, in order: names on Docker, `pod/container` on Kubernetes. */
  members: string[];
  /** Patroni's dynamic configuration, whole. */
  config: Record<string, unknown>;
}

const READY_TIMEOUT_SECONDS = 300;

export const patroni: Handler<PatroniInputs> = {
  async diff(_id, olds, news) {
    return { changes: isMarked(olds) || !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await bringUp(inputs);
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, _olds, news) {
    await bringUp(news);
    return { outs: news };
  },
  async read(id, props) {
    const place = props.kubernetes && podPlace(props);
    const seen = await unlessGone(place, () => look(props));
    if (seen === undefined) return { id: "" };
    if (typeof seen === "string") {
      console.log(`warning: Patroni was not asked for its configuration, which the next \`up\` sees to: ${seen}`);
      return { id, props: markedAs(props, false) };
    }
    // Set by `patronictl pause`, and no part of what a program says.
    const { pause: _, ...config } = seen.config;
    return { id, props: markedAs({ ...props, config }, seen.isComplete) };
  },
};

const comparable = (inputs: PatroniInputs) => ({
  ...comparablePlace(inputs),
  cluster: inputs.cluster,
  members: inputs.members,
  config: inputs.config,
});

interface Seen {
  config: Record<string, unknown>;
  /** Whether every member leads or streams. */
  isComplete: boolean;
}

const READ_SECONDS = 10;

/** As a refresh sees it, which never waits for long: a message where nobody answers. */
async function look(inputs: PatroniInputs): Promise<Seen | string> {
  const late = sleep(READ_SECONDS * 1000, `no member has answered within ${READ_SECONDS} s`, { ref: false });
  const answer = async (): Promise<Seen> => {
    const config = JSON.parse(await ask(inputs, ["pgharbor-patroni", "get-config"])) as Record<string, unknown>;
    const waited = ["pgharbor-patroni", "wait", "--members", String(inputs.members.length), "--timeout", "1"];
    const isComplete = await ask(inputs, waited).then(
      () => true,
      () => false,
    );
    return { config, isComplete };
  };
  return Promise.race([answer().catch((error: Error) => error.message), late]);
}

async function bringUp(inputs: PatroniInputs): Promise<void> {
  await waitForCluster(inputs);
  await ask(inputs, ["pgharbor-patroni", "apply-config"], JSON.stringify(inputs.config));
  if (inputs.kubernetes !== undefined) await forgetLeader(podPlace(inputs), inputs.cluster);
}

/** What one member has waited for in vain, the next one need not wait for again. */
function waitForCluster(inputs: PatroniInputs): Promise<string> {
  const deadline = Date.now() + READY_TIMEOUT_SECONDS * 1000;
  const wait = () => {
    const left = Math.max(5, Math.round((deadline - Date.now()) / 1000));
    return ["pgharbor-patroni", "wait", "--members", String(inputs.members.length), "--timeout", String(left)];
  };
  return ask(inputs, wait);
}

/** Waits until a member of a replaced container follows or leads again. */
export async function waitForMember(place: Place, container: string): Promise<void> {
  const command = ["pgharbor-patroni", "wait-self", "--timeout", String(READY_TIMEOUT_SECONDS)];
  const options = { onStderr: progress, waitSeconds: READY_TIMEOUT_SECONDS, repeatable: true };
  const result = await execAt(place, container, command, options);
  if (result.code !== 0) throw new Error(`${container}: the member did not come back: ${result.stderr.trim()}`);
}

const ask = (inputs: PatroniInputs, what: string[] | (() => string[]), stdin?: string): Promise<string> =>
  askMembers(placeOf(inputs), inputs.cluster, inputs.members, what, { stdin, onStderr: progress });

const progress = (line: string): void => console.log(line);
