import { ExplainedError, type RestoreSpec } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import { unlessGone } from "../../clients/kubernetes/connection/namespace";
import { comparableLocation, execAt, locationOf, podLocation, type Location } from "../../clients/location";
import { askMembers, NobodyAsked } from "./ask-members";
import { CrashWatch } from "../readiness/crash-watch";
import type { Handler } from "../provider/handler";
import { clearLastLeader } from "../volumes/kept-claims";
import { isMarked, markedAs } from "../provider/unsettled";

/** The cluster-wide state of Patroni: the running members and the dynamic configuration. */
export type PatroniInputs = Location & {
  cluster: string;
  /** The members' containers, in order: names on Docker, `pod/container` on Kubernetes. */
  members: string[];
  /** Patroni's complete dynamic configuration. */
  config: Record<string, unknown>;
  /** The system identifier of a database that is given up. No change by itself. */
  acceptDataLoss?: string;
  /** The backups that the cluster starts from. It cannot change once there is a database. */
  restore?: RestoreSpec;
};
export type PatroniOutputs = PatroniInputs & {
  /** The database's system identifier. States of earlier versions have none. */
  system?: string;
};

const READY_TIMEOUT_SECONDS = 300;
/** A day: a restore takes as long as its database is large, and a failed one ends the container, which is noticed. */
const RESTORE_TIMEOUT_SECONDS = 86_400;
/** The interval of checks for crashing containers. */
const CRASH_CHECK_SECONDS = 20;

export const patroni: Handler<PatroniInputs, PatroniOutputs> = {
  async check(olds, news) {
    return { inputs: news, failures: failuresOfRestore(olds, news) };
  },
  async diff(_id, olds, news) {
    return { changes: isMarked(olds) || !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: { ...inputs, system: await bringUp(inputs) } };
  },
  async update(_id, olds, news) {
    return { outs: { ...news, system: await bringUp(news, olds.system) } };
  },
  async read(id, props) {
    const location = props.kubernetes && podLocation(props);
    const found = await unlessGone(location, () => readState(props));
    if (found === undefined) return { id: "" };
    if (typeof found === "string") {
      console.log(`warning: Patroni's configuration was not read; the next \`up\` compares it: ${found}`);
      return { id, props: markedAs(props, false) };
    }
    // `patronictl pause` sets this key, and programs do not declare it.
    const { pause: _, ...config } = found.config;
    return { id, props: markedAs({ ...props, config }, found.isComplete) };
  },
};

/** A restore that failed has left no state, so a corrected one is no change. */
function failuresOfRestore(olds: Partial<PatroniInputs> | undefined, news: PatroniInputs) {
  const isChange = olds?.cluster !== undefined && !isDeepStrictEqual(olds.restore, news.restore);
  if (!isChange || news.restore === undefined) return [];
  const reason =
    "applies when a cluster is created, and this one has a database; restore into a cluster of another name";
  return [{ property: "restore", reason }];
}

const comparable = (inputs: PatroniInputs) => ({
  ...comparableLocation(inputs),
  cluster: inputs.cluster,
  members: inputs.members,
  config: inputs.config,
});

interface FoundState {
  config: Record<string, unknown>;
  /** True where every member leads or streams. */
  isComplete: boolean;
}

const READ_SECONDS = 10;

/** Reads the state for a refresh, which never waits long. @returns a message where no member answers */
async function readState(inputs: PatroniInputs): Promise<FoundState | string> {
  const timeout = sleep(READ_SECONDS * 1000, `no member has answered within ${READ_SECONDS} s`, { ref: false });
  const answer = async (): Promise<FoundState> => {
    const config = JSON.parse(await ask(inputs, ["pgharbor-patroni", "get-config"])) as Record<string, unknown>;
    const wait = ["pgharbor-patroni", "wait", "--members", String(inputs.members.length), "--timeout", "1"];
    const isComplete = await ask(inputs, wait).then(
      () => true,
      () => false,
    );
    return { config, isComplete };
  };
  return Promise.race([answer().catch((error: Error) => error.message), timeout]);
}

/** Returns the database's system identifier. Throws where it is another database than `former`. */
async function bringUp(inputs: PatroniInputs, former?: string): Promise<string | undefined> {
  await waitForCluster(inputs);
  const { member } = JSON.parse(await ask(inputs, ["pgharbor-patroni", "status"])) as Status;
  const system = member?.database_system_identifier;
  if (former !== undefined && system !== undefined && system !== former && inputs.acceptDataLoss !== former)
    throw anotherDatabase(inputs.cluster, former, system);
  await ask(inputs, ["pgharbor-patroni", "apply-config"], JSON.stringify(inputs.config));
  if (inputs.kubernetes !== undefined) await clearLastLeader(podLocation(inputs), inputs.cluster);
  return system;
}

interface Status {
  member?: { database_system_identifier?: string };
}

/** Where the store was lost together with all data, only Pulumi's state knows the former database. */
const anotherDatabase = (cluster: string, former: string, system: string): ExplainedError =>
  new ExplainedError({
    path: `cluster ${cluster}`,
    problem: `runs an empty database instead of ${former}: every copy of that database is lost, and the store with it`,
    value: `system identifier ${system}`,
    fix: `set acceptDataLoss: "${former}" to continue with the empty one`,
  });

/** The next member does not repeat a wait that has timed out in another one. */
async function waitForCluster(inputs: PatroniInputs): Promise<void> {
  const seconds = inputs.restore !== undefined ? RESTORE_TIMEOUT_SECONDS : READY_TIMEOUT_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  // `MemberReady` detects crashes of pods.
  const crashes = inputs.kubernetes === undefined ? new CrashWatch(inputs.engine, inputs.members) : undefined;
  const wait = () => {
    const left = Math.max(5, Math.round((deadline - Date.now()) / 1000));
    const timeout = crashes === undefined ? left : Math.min(left, CRASH_CHECK_SECONDS);
    return ["pgharbor-patroni", "wait", "--members", String(inputs.members.length), "--timeout", String(timeout)];
  };
  for (;;) {
    await crashes?.assertNotCrashing();
    try {
      await ask(inputs, wait);
      return;
    } catch (error) {
      // Kubernetes creates pods by itself: after a loss of all there may be none yet.
      const mayCome = crashes !== undefined || error instanceof NobodyAsked;
      if (!mayCome || Date.now() > deadline) throw error;
      await sleep(2000);
    }
  }
}

/** Waits until a member of a replaced container follows or leads again. */
export async function waitForMember(location: Location, container: string): Promise<void> {
  const command = ["pgharbor-patroni", "wait-self", "--timeout", String(READY_TIMEOUT_SECONDS)];
  const options = { onStderr: progress, waitSeconds: READY_TIMEOUT_SECONDS, repeatable: true };
  const result = await execAt(location, container, command, options);
  if (result.code !== 0) throw new Error(`${container}: the member did not come back: ${result.stderr.trim()}`);
}

const ask = (inputs: PatroniInputs, what: string[] | (() => string[]), stdin?: string): Promise<string> =>
  askMembers(locationOf(inputs), inputs.cluster, inputs.members, what, { stdin, onStderr: progress });

const progress = (line: string): void => console.log(line);
