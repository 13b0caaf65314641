import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { dockerEngine, execIn, putFiles, statusCode, type ContainerFile } from "../../clients/docker/engine";
import { waitUntil } from "../../wait/wait-until";
import { listedLeader } from "../patroni/listed-members";
import { checkDataIsThere } from "../volumes/lost-data";
import { waitForMember } from "../patroni/patroni";
import type { Handler } from "../provider/handler";
import { storeOrigin } from "../volumes/store-origin";

/** The configuration files of one container of Docker. */
export interface ContainerFilesInputs {
  /** Docker host, or "" for the default. */
  engine: string;
  /** Container id: a new one gets the files again. */
  container: string;
  containerName: string;
  program: string;
  uid: number;
  gid: number;
  /** Files anyone may read: they show in a preview. */
  plain: Record<string, string>;
  /** Files with a secret in them. */
  secret: Record<string, string>;
  /** Files that are read once, when the database is made: a change of them is a change as long as that has not come about. */
  initial: Record<string, string>;
  /** Of a member: the system identifier of a database that is given up. By itself no change. */
  acceptDataLoss?: string;
}
export interface ContainerFilesOutputs extends ContainerFilesInputs {
  /** Names the set of files that the container runs with. */
  revision: string;
}

const FOLDER = "/etc/pgharbor/revisions";

/** A hash over names and contents; keys among them make it useless to guess from. */
export function revisionOf(inputs: Pick<ContainerFilesInputs, "plain" | "secret">): string {
  const sorted = (files: Record<string, string>) => Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([sorted(inputs.plain), sorted(inputs.secret)]))
    .digest("hex")
    .slice(0, 16);
}

export const containerFiles: Handler<ContainerFilesInputs, ContainerFilesOutputs> = {
  async diff(_id, olds, news) {
    const isOther = olds.container !== news.container || olds.revision !== revisionOf(news);
    return { changes: isOther || (!isDeepStrictEqual(olds.initial, news.initial) && !(await hasLeader(olds))) };
  },
  async create(inputs) {
    await beforeFirstStart(inputs);
    const revision = await deliver(inputs);
    // Members and etcd wait for each other; what comes after all of them waits for them.
    if (!["patroni", "etcd"].includes(inputs.program)) await waitUntilBack(inputs);
    return { id: inputs.containerName, outs: { ...inputs, revision } };
  },
  async update(_id, olds, news) {
    const isNew = olds.container !== news.container;
    if (isNew) await beforeFirstStart(news);
    const revision = await deliver(news);
    // One container at a time: the next one waits for this resource, and this resource until its own is back.
    if (isNew) await waitUntilBack(news);
    return { outs: { ...news, revision } };
  },
  async read(id, props) {
    try {
      const found = await execIn(dockerEngine(props.engine), props.container, ["readlink", "/etc/pgharbor/current"]);
      return { id, props: { ...props, revision: found.stdout.trim().split("/").pop() ?? "" } };
    } catch (error) {
      if (statusCode(error) === 404) return { id: "" };
      if (statusCode(error) === 409) return { id, props }; // stopped: its files are as they were
      throw error;
    }
  },
};

/** Whether a member leads, so that the database is made. One that ends again and again answers nothing. */
async function hasLeader({ engine, container }: ContainerFilesInputs): Promise<boolean> {
  try {
    const { code, stdout } = await execIn(dockerEngine(engine), container, ["pgharbor-patroni", "status"]);
    return code === 0 && listedLeader(stdout) !== undefined;
  } catch {
    return false;
  }
}

const waitUntilBack = ({ engine, program, container, containerName }: ContainerFilesInputs): Promise<void> =>
  program === "patroni"
    ? waitForMember({ engine }, container)
    : waitUntilHealthy(dockerEngine(engine), container, containerName);

/** A program of a new container does not start before it has its files. */
async function beforeFirstStart({ engine, program, container, acceptDataLoss }: ContainerFilesInputs): Promise<void> {
  if (program === "patroni") await checkDataIsThere(dockerEngine(engine), container, acceptDataLoss);
}

const HEALTHY_TIMEOUT_SECONDS = 300;
/** Of half a second each. */
const TRIES = 20;
const MOST_TRIES = 200;

/** Waits for the image's own health check. An image without one is left to itself. */
async function waitUntilHealthy(docker: Docker, container: string, name: string): Promise<void> {
  const { Config } = await docker.getContainer(container).inspect();
  const [kind, ...check] = Config.Healthcheck?.Test ?? [];
  if (kind === undefined || kind === "NONE") return;
  // Run by ourselves: Docker's own answer comes once an interval.
  const command = kind === "CMD-SHELL" ? ["sh", "-c", ...check] : check;
  const isHealthy = async () =>
    (await untilRunning(docker, container, () => execIn(docker, container, command))).code === 0;
  if (await waitUntil(HEALTHY_TIMEOUT_SECONDS, isHealthy)) return;
  throw new Error(`${name}: is not healthy after ${HEALTHY_TIMEOUT_SECONDS} s; see docker logs ${name}`);
}

async function deliver(inputs: ContainerFilesInputs): Promise<string> {
  const docker = dockerEngine(inputs.engine);
  const revision = revisionOf(inputs);
  const told = inputs.program === "etcd" ? await storeOrigin(docker, inputs.container, inputs.containerName) : {};
  const entries = (files: Record<string, string>, mode: number): ContainerFile[] =>
    Object.entries(files).map(([path, content]) => ({ path, content, mode }));
  const files = [
    ...entries(inputs.plain, 0o644),
    ...entries(inputs.secret, 0o600),
    ...entries({ ...inputs.initial, ...told }, 0o600),
  ];
  await putFiles(
    docker,
    inputs.container,
    { folder: FOLDER, under: revision, uid: inputs.uid, gid: inputs.gid },
    files,
  );
  const applied = await untilRunning(docker, inputs.container, () =>
    execIn(docker, inputs.container, ["pgharbor-apply", revision]),
  );
  if (applied.code !== 0) {
    throw new Error(
      `${inputs.containerName}: ${inputs.program} refused its new configuration and keeps running with the old one:\n${applied.stderr.trim()}`,
    );
  }
  return revision;
}

/** A container that just restarts answers 409 for a moment; one that has ended several times waits for up to a minute between. */
async function untilRunning<T>(docker: Docker, container: string, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (statusCode(error) !== 409) throw error;
      const { Restarting } = (await docker.getContainer(container).inspect()).State;
      if (attempt >= (Restarting ? MOST_TRIES : TRIES)) throw error;
      await sleep(500);
    }
  }
}
