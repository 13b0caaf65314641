import { ExplainedError } from "@pgharbor/core";
import { isDeepStrictEqual } from "node:util";

import { comparableLocation, execAt, locationOf, type Location } from "../../clients/location";
import type { RepositoryStatus } from "./repository-status";
import type { Handler } from "../provider/handler";

/** Inputs of the wait for the repositories to take WAL from the primary. */
export type BackupsInputs = Location & {
  cluster: string;
  /** The container with the repositories: a name on Docker, `pod/container` on Kubernetes. */
  container: string;
  /** Identifies the configuration of that container. After a change, the handler waits again. */
  revision: string;
};
export type BackupsOutputs = BackupsInputs & {
  /** By repository. A refresh reads them. */
  repositories: Record<string, RepositoryStatus>;
};

const READY_SECONDS = 180;

export const backups: Handler<BackupsInputs, BackupsOutputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    return { id: inputs.cluster, outs: { ...inputs, repositories: await waitUntilReady(inputs) } };
  },
  async update(_id, _olds, news) {
    return { outs: { ...news, repositories: await waitUntilReady(news) } };
  },
  async read(id, props) {
    try {
      const { code, stdout, stderr } = await execAt(locationOf(props), props.container, ["pgharbor-backups", "status"]);
      if (code !== 0) throw new Error(stderr.trim());
      return { id, props: { ...props, repositories: repositoriesIn(stdout) } };
    } catch (error) {
      console.log(`warning: the state of the backups was not read: ${(error as Error).message}`);
      return { id, props };
    }
  },
};

const comparable = (inputs: BackupsInputs) => ({
  ...comparableLocation(inputs),
  cluster: inputs.cluster,
  container: inputs.container,
  revision: inputs.revision,
});

async function waitUntilReady(inputs: BackupsInputs): Promise<Record<string, RepositoryStatus>> {
  const command = ["pgharbor-backups", "ready", "--timeout", String(READY_SECONDS)];
  const options = { onStderr: progress, waitSeconds: READY_SECONDS + 120, repeatable: true };
  const { code, stdout, stderr } = await execAt(locationOf(inputs), inputs.container, command, options);
  if (code === 0) return repositoriesIn(stdout);
  throw new ExplainedError({
    path: `${inputs.cluster}: backups`,
    problem: "no repository of the backups has taken WAL from the primary",
    value: stderr.trim().split("\n").at(-1) ?? "",
    fix: `correct it and run it again; the whole story is in the log of ${inputs.container}`,
  });
}

const repositoriesIn = (json: string): Record<string, RepositoryStatus> =>
  JSON.parse(json) as Record<string, RepositoryStatus>;

const progress = (line: string): void => console.log(line);
