import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { dockerEngine, execIn, putFiles, statusCode, type ContainerFile } from "../../clients/docker/engine";
import { waitUntil } from "../../wait/wait-until";
import { listedLeader } from "../patroni/listed-members";
import { resolveLostVolumes } from "../volumes/lost-data";
import { waitForMember } from "../patroni/patroni";
import type { Handler } from "../provider/handler";
import { storeOrigin } from "../volumes/store-origin";

/** The configuration files of one Docker container. */
export interface ContainerFilesInputs {
  /** Docker host, or "" for the default. */
  engine: string;
  /** The container's id. A new container gets the files again. */
  container: string;
  containerName: string;
  program: string;
  uid: number;
  gid: number;
  /** Files that anyone may read and a preview shows. */
  plain: Record<string, string>;
  /** Files that contain secrets. */
  secret: Record<string, string>;
  /** Files that are read once, when the database is initialized. A change of them counts only until then. */
  initial: Record<string, string>;
  /** For a member: the system identifier of a database that is given up. No change by itself. */
  acceptDataLoss?: string;
}
export interface ContainerFilesOutputs extends ContainerFilesInputs {
  /** Identifies the set of files that the container runs with. */
  revision: string;
}

const FOLDER = "/etc/pgharbor/revisions";

/** Hashes names and contents. The private keys among them prevent guessing of secrets from the hash. */
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
    await prepareFirstStart(inputs);
    const revision = await deliver(inputs);
    // Members and etcd depend on each other, so later resources wait for them.
    if (!["patroni", "etcd"].includes(inputs.program)) await waitUntilBack(inputs);
    return { id: inputs.containerName, outs: { ...inputs, revision } };
  },
  async update(_id, olds, news) {
    const isNew = olds.container !== news.container;
    if (isNew) await prepareFirstStart(news);
    const revision = await deliver(news);
    // One container at a time: the next one waits for this resource, which waits until this container is back.
    if (isNew) await waitUntilBack(news);
    return { outs: { ...news, revision } };
  },
  async read(id, props) {
    try {
      const found = await execIn(dockerEngine(props.engine), props.container, ["readlink", "/etc/pgharbor/current"]);
      return { id, props: { ...props, revision: found.stdout.trim().split("/").pop() ?? "" } };
    } catch (error) {
      if (statusCode(error) === 404) return { id: "" };
      if (statusCode(error) === 409) return { id, props }; // a stopped container keeps its files
      throw error;
    }
  },
};

/** With a leader, the database is initialized. A crashing member does not answer and gives `false`. */
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

/** Runs before the files are put, because the program of a new container waits for them. */
async function prepareFirstStart({ engine, program, container, acceptDataLoss }: ContainerFilesInputs): Promise<void> {
  if (program === "patroni") await resolveLostVolumes(dockerEngine(engine), container, acceptDataLoss);
}

const HEALTHY_TIMEOUT_SECONDS = 300;
/** Each try takes half a second. */
const TRIES = 20;
const MOST_TRIES = 200;

/** Waits for the image's own health check. Without one, it does not wait. */
async function waitUntilHealthy(docker: Docker, container: string, name: string): Promise<void> {
  const { Config } = await docker.getContainer(container).inspect();
  const [kind, ...check] = Config.Healthcheck?.Test ?? [];
  if (kind === undefined || kind === "NONE") return;
  // The check is executed here, because Docker runs it only once per interval.
  const command = kind === "CMD-SHELL" ? ["sh", "-c", ...check] : check;
  const isHealthy = async () =>
    (await retryWhileRestarting(docker, container, () => execIn(docker, container, command))).code === 0;
  if (await waitUntil({ within: HEALTHY_TIMEOUT_SECONDS, done: isHealthy })) return;
  throw new Error(`${name}: is not healthy after ${HEALTHY_TIMEOUT_SECONDS} s; see docker logs ${name}`);
}

async function deliver(inputs: ContainerFilesInputs): Promise<string> {
  const docker = dockerEngine(inputs.engine);
  const revision = revisionOf(inputs);
  const origin = inputs.program === "etcd" ? await storeOrigin(docker, inputs.container, inputs.containerName) : {};
  const entries = (files: Record<string, string>, mode: number): ContainerFile[] =>
    Object.entries(files).map(([path, content]) => ({ path, content, mode }));
  const files = [
    ...entries(inputs.plain, 0o644),
    ...entries(inputs.secret, 0o600),
    ...entries({ ...inputs.initial, ...origin }, 0o600),
  ];
  await putFiles(
    docker,
    inputs.container,
    { folder: FOLDER, under: revision, uid: inputs.uid, gid: inputs.gid },
    files,
  );
  const applied = await retryWhileRestarting(docker, inputs.container, async () => {
    const result = await execIn(docker, inputs.container, ["pgharbor-apply", revision]);
    if (result.code !== 0 && result.stderr.trim() === "") throw new ContainerEnded();
    return result;
  });
  if (applied.code !== 0) {
    throw new Error(
      `${inputs.containerName}: ${inputs.program} refused its new configuration and keeps running with the old one:\n${applied.stderr.trim()}`,
    );
  }
  return revision;
}

/** A refusal has words. Without any, the container ended while the command ran in it. */
class ContainerEnded extends Error {
  /** Docker's answer for a container that does not run. */
  readonly statusCode = 409;

  constructor() {
    super("the container ended while its configuration was applied");
  }
}

/**
 * Docker answers 409 while a container restarts. After several crashes, it delays each restart by up to a minute; a restart by hand begins
 * at once, and ends the delays.
 */
async function retryWhileRestarting<T>(docker: Docker, container: string, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (statusCode(error) !== 409) throw error;
      const { Restarting } = (await docker.getContainer(container).inspect()).State;
      if (attempt >= (Restarting ? MOST_TRIES : TRIES)) throw error;
      if (Restarting && attempt === 1)
        await docker
          .getContainer(container)
          .restart({ t: 0 })
          .catch(() => undefined);
      await sleep(500);
    }
  }
}
