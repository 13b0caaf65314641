import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { dockerEngine, statusCode } from "../../clients/docker/engine";
import type { Handler } from "../provider/handler";

/** One instance of a supporting service: that it runs, and is well. */
export interface ServiceInstanceInputs {
  /** Docker host, or "" for the default. */
  engine: string;
  /** Container id. */
  container: string;
  containerName: string;
  /** Longer than this in creating is failed. */
  timeoutSeconds: number;
}
export interface ServiceInstanceOutputs extends ServiceInstanceInputs {
  /** `creating`, `running` or `failed`. */
  state: string;
  /** As Docker says it: `healthy`, `unhealthy`, `starting`, or `none` without a health check. */
  health: string;
  /** Time of the health check that this is known from. A later one with the same answer does not move it: a refresh finds nothing then. */
  lastHealthAt?: string;
}

const POLL_MS = 500;
/** Without a health check, a program that runs so long has started. */
const SETTLED_MS = 3000;
/** A program that ends so often will not start. */
const MOST_RESTARTS = 5;

export const serviceInstance: Handler<ServiceInstanceInputs, ServiceInstanceOutputs> = {
  async diff(_id, olds, news) {
    return { changes: olds.container !== news.container || olds.engine !== news.engine || olds.state !== "running" };
  },
  async create(inputs) {
    return { id: inputs.containerName, outs: await untilRunning(inputs) };
  },
  async update(_id, _olds, news) {
    return { outs: await untilRunning(news) };
  },
  async read(id, props) {
    const found = await inspect(props);
    if (found === undefined) return { id: "" };
    const { state, health, lastHealthAt } = conditionOf(found);
    if (state === props.state && health === props.health) return { id, props };
    return { id, props: known({ ...props, state, health, lastHealthAt }) };
  },
};

async function untilRunning(inputs: ServiceInstanceInputs): Promise<ServiceInstanceOutputs> {
  const deadline = Date.now() + inputs.timeoutSeconds * 1000;
  for (;;) {
    const found = await inspect(inputs);
    if (found === undefined) throw failed(inputs, "is gone");
    const condition = conditionOf(found);
    if (condition.state === "running") return known({ ...inputs, ...condition });
    if (condition.state === "failed" && condition.health !== "unhealthy") {
      throw failed(inputs, `ended with status ${found.State.ExitCode}`);
    }
    // Unhealthy is not final yet: it may wait for something.
    if (Date.now() > deadline) throw failed(inputs, `is ${condition.health} after ${inputs.timeoutSeconds} s`);
    await sleep(POLL_MS);
  }
}

/** A state has no place for a field that is there and undefined. */
function known({ lastHealthAt, ...outputs }: ServiceInstanceOutputs): ServiceInstanceOutputs {
  return lastHealthAt === undefined ? outputs : { ...outputs, lastHealthAt };
}

/** What it printed is not shown: it may have printed what it connects with. */
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
