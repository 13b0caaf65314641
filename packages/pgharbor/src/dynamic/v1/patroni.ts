import { isDeepStrictEqual } from "node:util";
import { ENDED } from "../../reach/kubernetes/exec";
import { unlessGone } from "../../reach/kubernetes/namespace";
import { comparablePlace, execAt, placeOf, podPlace, type Place } from "../../reach/place";
import type { Handler } from "./handler";
import { forgetLeader } from "./kept-claims";

/** What all members of a cluster agree on: that they are there, and Patroni's dynamic configuration. */
export interface PatroniInputs extends Place {
  cluster: string;
  /** Containers of the members, in order: names on Docker, `pod/container` on Kubernetes. */
  members: string[];
  /** Patroni's dynamic configuration, whole. */
  config: Record<string, unknown>;
}

const READY_TIMEOUT_SECONDS = 300;
/** The exit status of `pgharbor-patroni apply-config` where it began, and did not come to its end. */
const HALF_DONE = 3;

export const patroni: Handler<PatroniInputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
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
    const text = await unlessGone(place, () => ask(props, ["get-config"]));
    if (text === undefined) return { id: "" };
    // Set by `patronictl pause`, and no part of what a program says.
    const { pause: _, ...config } = JSON.parse(text) as Record<string, unknown>;
    return { id, props: { ...props, config } };
  },
};

const comparable = (inputs: PatroniInputs) => ({
  ...comparablePlace(inputs),
  cluster: inputs.cluster,
  members: inputs.members,
  config: inputs.config,
});

async function bringUp(inputs: PatroniInputs): Promise<void> {
  await waitForCluster(inputs);
  await ask(inputs, ["apply-config"], JSON.stringify(inputs.config));
  if (inputs.kubernetes !== undefined) await forgetLeader(podPlace(inputs), inputs.cluster);
}

/** What one member has waited for in vain, the next one need not wait for again. */
function waitForCluster(inputs: PatroniInputs): Promise<string> {
  const deadline = Date.now() + READY_TIMEOUT_SECONDS * 1000;
  return ask(inputs, () => {
    const left = Math.max(5, Math.round((deadline - Date.now()) / 1000));
    return ["wait", "--members", String(inputs.members.length), "--timeout", String(left)];
  });
}

/** Waits until a member of a replaced container follows or leads again. */
export async function waitForMember(place: Place, container: string): Promise<void> {
  const command = ["pgharbor-patroni", "wait-self", "--timeout", String(READY_TIMEOUT_SECONDS)];
  const options = { onStderr: progress, waitSeconds: READY_TIMEOUT_SECONDS, repeatable: true };
  const result = await execAt(place, container, command, options);
  if (result.code !== 0) throw new Error(`${container}: the member did not come back: ${result.stderr.trim()}`);
}

/**
 * Asks the first member that answers: each can speak for the cluster. What may still be at work in one is begun in no other: two
 * would restart members at once.
 */
async function ask(inputs: PatroniInputs, what: string[] | (() => string[]), stdin?: string): Promise<string> {
  const failures: string[] = [];
  let command: string[] = [];
  for (const member of inputs.members) {
    command = Array.isArray(what) ? what : what();
    try {
      const result = await execAt(placeOf(inputs), member, ["pgharbor-patroni", ...command], {
        stdin,
        onStderr: progress,
      });
      if (result.code === 0) return result.stdout;
      failures.push(`${member}: ${result.stderr.trim().split("\n").slice(-3).join("; ")}`);
      if (result.code === HALF_DONE) break;
    } catch (error) {
      if ((error as { code?: string }).code === ENDED && command[0] === "apply-config") throw error;
      failures.push(`${member}: ${(error as Error).message}`);
    }
  }
  throw new Error(`${inputs.cluster}: ${command[0]} did not succeed:\n${failures.map((f) => `  ${f}`).join("\n")}`);
}

const progress = (line: string): void => console.log(line);
