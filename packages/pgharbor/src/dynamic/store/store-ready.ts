import { ExplainedError } from "@pgharbor/core";
import { isDeepStrictEqual } from "node:util";

import { dockerEngine } from "../../clients/docker/engine";
import { waitUntil } from "../../wait/wait-until";
import type { Handler } from "../provider/handler";
import { LostQuorum } from "./lost-quorum";
import { storeStatus } from "../../clients/docker/store-status";
import { isMarked, markedAs } from "../provider/unsettled";

/** Inputs of the wait for every etcd member to start, to become a voter, and to answer. */
export interface StoreReadyInputs {
  /** Docker host, or "" for the default. */
  engine: string;
  cluster: string;
  /** Containers with names and ids. After a change of an id, the handler waits again. */
  containers: { name: string; id: string }[];
}

const READY_SECONDS = 300;

export const storeReady: Handler<StoreReadyInputs> = {
  async diff(_id, olds, news) {
    return { changes: isMarked(olds) || !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await waitUntilReady(inputs);
    return { id: inputs.cluster, outs: inputs };
  },
  async update(_id, _olds, news) {
    await waitUntilReady(news);
    return { outs: news };
  },
  async read(id, props) {
    return { id, props: markedAs(props, (await problemsOf(props)).length === 0) };
  },
};

const comparable = ({ engine, cluster, containers }: StoreReadyInputs) => ({ engine, cluster, containers });

async function waitUntilReady(inputs: StoreReadyInputs): Promise<void> {
  let problems = "";
  const lostQuorum = new LostQuorum(inputs);
  const isReady = async () => {
    const before = problems;
    problems = (await problemsOf(inputs)).join("; ");
    if (problems !== "") await lostQuorum.repair();
    if (!["", before].includes(problems)) console.log(`${inputs.cluster}: waiting for the store: ${problems}`);
    return problems === "";
  };
  if (await waitUntil({ within: READY_SECONDS, done: isReady })) return;
  throw new ExplainedError({
    path: `${inputs.cluster}: etcd`,
    problem: `not every member of the store is ready after ${READY_SECONDS} s`,
    value: problems,
    fix: "see docker logs of those",
  });
}

/** Returns the problems that each etcd reports. */
async function problemsOf({ engine, containers }: StoreReadyInputs): Promise<string[]> {
  const docker = dockerEngine(engine);
  const problems = await Promise.all(
    containers.map(async ({ name }) => {
      const status = await storeStatus(docker, name);
      if (typeof status === "string") return `${name}: ${status}`;
      const here = status.members.filter(({ started, learner }) => started && !learner).map((member) => member.name);
      const missing = containers.filter((one) => !here.includes(one.name));
      const others = status.members.length - containers.length;
      if (missing.length > 0) return `${name}: waits for ${missing.map((one) => one.name).join(", ")}`;
      return others > 0 ? `${name}: has ${others} members too many` : "";
    }),
  );
  return problems.filter((one) => one !== "");
}
