import type Docker from "dockerode";
import { dockerEngine, statusCode } from "../../clients/docker/engine";
import { waitUntil } from "../../wait/wait-until";
import type { Handler } from "../provider/handler";

/** Inputs of the wait for one instance of a supporting service to run and be healthy. */
export interface ServiceInstanceInputs {
  /** Docker host, or "" for the default. */
  engine: string;
  /** The container's id. */
  container: string;
  containerName: string;
  /** An instance that stays `creating` for longer has failed. */
  timeoutSeconds: number;
}
export interface ServiceInstanceOutputs extends ServiceInstanceInputs {
  /** `creating`, `running` or `failed`. */
  state: string;
  /** Docker's health status: `healthy`, `unhealthy`, `starting`, or `none` without a health check. */
  health: string;
  /** The time of the health check that first gave this status. Later equal ones do not change it, so a refresh shows no change. */
  lastHealthAt?: string;
}

/** A program without a health check that runs this long has started. */
const SETTLED_MS = 3000;
/** A program that ends this often will not start. */
const MOST_RESTARTS = 5;

export const serviceInstance: Handler<ServiceInstanceInputs, ServiceInstanceOutputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.container !== news.container || olds.engine !== news.engine || olds.state !== "running" };
  },
  async create(inputs) {
    return { id: inputs.containerName, outs: await waitUntilRunning(inputs) };
  },
  async update(_id, _olds, news) {
    return { outs: await waitUntilRunning(news) };
  },
  async read(id, props) {
    const found = await inspect(props);
    if (found === undefined) return { id: "" };
    const { state, health, lastHealthAt } = conditionOf(found);
    if (state === props.state && health === props.health) return { id, props };
    return { id, props: withoutUndefined({ ...props, state, health, lastHealthAt }) };
  },
};

async function waitUntilRunning(inputs: ServiceInstanceInputs): Promise<ServiceInstanceOutputs> {
  let condition: Condition = { state: "creating", health: "starting" };
  const done = async () => {
    const found = await inspect(inputs);
    if (found === undefined) throw failed(inputs, "is gone");
    condition = conditionOf(found);
    // An unhealthy program may still recover: it may wait for something.
    if (condition.state === "failed" && condition.health !== "unhealthy")
      throw failed(inputs, `ended with status ${found.State.ExitCode}`);
    return condition.state === "running";
  };
  if (await waitUntil({ within: inputs.timeoutSeconds, done })) return withoutUndefined({ ...inputs, ...condition });
  throw failed(inputs, `is ${condition.health} after ${inputs.timeoutSeconds} s`);
}

/** A state cannot hold a field that is undefined. */
function withoutUndefined({ lastHealthAt, ...outputs }: ServiceInstanceOutputs): ServiceInstanceOutputs {
  return lastHealthAt === undefined ? outputs : { ...outputs, lastHealthAt };
}

/** Errors do not show the program's output, which may contain credentials. */
const failed = ({ containerName }: ServiceInstanceInputs, what: string): Error =>
  new Error(`${containerName}: failed, it ${what}; see why with \`docker logs ${containerName}\``);

async function inspect({ engine, container }: ServiceInstanceInputs): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await dockerEngine(engine).getContainer(container).inspect();
  } catch (error) {
    if (statusCode(error) === 404) return undefined;
    throw error;
  }
}

type Condition = Pick<ServiceInstanceOutputs, "state" | "health" | "lastHealthAt">;

export function conditionOf(found: Docker.ContainerInspectInfo): Condition {
  const { Running, Restarting, StartedAt, Health } = found.State;
  const health = Health === undefined || Health.Status === "none" ? "none" : Health.Status;
  const lastHealthAt = Health?.Log?.at(-1)?.End;
  const restarts = (found as { RestartCount?: number }).RestartCount ?? 0;
  const isUp = Running && !Restarting;
  if (!isUp) return { state: restarts < MOST_RESTARTS && Restarting ? "creating" : "failed", health };
  if (health === "unhealthy") return { state: "failed", health, lastHealthAt };
  const settled = Date.now() - Date.parse(StartedAt) >= SETTLED_MS;
  return {
    state: health === "healthy" || (health === "none" && settled) ? "running" : "creating",
    health,
    lastHealthAt,
  };
}
