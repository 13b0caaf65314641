import type Docker from "dockerode";
import type { CheckFailure, Created, ResourceType } from "../protocol/resource-type";
import { equal, isObject, UNKNOWN, type Properties } from "../protocol/values";
import { isMissing, reasonOf, type EngineConnection } from "./connection";
import { createOptions, limits, restartPolicy } from "./container-create";
import { containerInputs } from "./container-inputs";
import { awaitExit, awaitHealthy, logTail, requireRunning } from "./container-running";
import { containerState } from "./container-state";
import { parseDuration } from "./durations";
import { ensureImage } from "./images";
import { numberOf, objectsOf, textOf, textsOf } from "./reading";
import { checkUploads, uploadArchive } from "./uploads";

const LIMITS = ["restart", "maxRetryCount", "cpuShares", "cpuSet", "memory", "memoryReservation", "memorySwap"];
const THROTTLES = ["deviceReadBps", "deviceReadIops", "deviceWriteBps", "deviceWriteIops"];

export function containerType(connection: EngineConnection): ResourceType {
  return {
    inputs: containerInputs,
    outputs: { bridge: {}, containerLogs: {}, exitCode: {}, networkDatas: {} },
    autoName: true,
    check: checkContainer,
    plan: (planned) => ({ ...planned, ...plannedPorts(planned) }),
    create: (inputs) => createContainer(connection, inputs),
    read: async (id, state) => {
      const found = await inspected(await connection.engine(), id);
      return found && containerState(found, state);
    },
    update: async (id, state, inputs) => {
      const engine = await connection.engine();
      await updateContainer(engine.getContainer(id), state, inputs);
      const found = await inspected(engine, id);
      if (!found) throw new Error(`the container ${id} is gone: run \`pulumi refresh\``);
      const outputs = containerState(found, { ...kept(state), ...inputs });
      // What can only be recorded stays as the program wrote it; the next refresh shows what is real.
      return { ...outputs, ...recorded(inputs) };
    },
    delete: async (id, state) => deleteContainer(await connection.engine(), id, state),
  };
}

/** The engine chooses a port where the program does not, so until then it is unknown, not absent. */
function plannedPorts({ ports }: Properties): Properties {
  if (!Array.isArray(ports)) return {};
  const chosen = { external: UNKNOWN, ip: "0.0.0.0", protocol: "tcp" };
  return { ports: ports.map((port) => (isObject(port) ? { ...chosen, ...port } : port)) };
}

const REMOVE_ATTEMPTS = 5;

async function createContainer(connection: EngineConnection, inputs: Properties): Promise<Created> {
  const engine = await connection.engine();
  await ensureImage(connection, String(inputs.image), textOf(inputs.platform));
  let container: Docker.Container;
  try {
    container = await engine.createContainer(createOptions(inputs));
  } catch (error) {
    throw new Error(`creating the container ${String(inputs.name)}: ${reasonOf(error)}`);
  }
  try {
    await connectNetworks(engine, container.id, inputs);
    const uploads = objectsOf(inputs.uploads);
    if (uploads.length > 0) await container.putArchive(await uploadArchive(uploads), { path: "/" });
    const logs = await start(container, inputs);
    const found = await container.inspect();
    return { id: container.id, outputs: { ...containerState(found, inputs), ...logs } };
  } catch (error) {
    // Without a state the engine would never hear of it again, and its name would stand in the way of the next try.
    const tail = await logTail(container);
    const left = await removeForGood(container, { volumes: true }).then(
      () => "",
      (failure: unknown) => `; it is still there, for it could not be removed: ${reasonOf(failure)}`,
    );
    throw new Error(`starting the container ${String(inputs.name)}: ${reasonOf(error)}${left}${tail}`);
  }
}

/** Tries again when an engine that is busy refuses for a while. One that has no time to stop is killed. */
async function removeForGood(
  container: Docker.Container,
  { graceSeconds, volumes }: { graceSeconds?: number; volumes: boolean },
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      if (graceSeconds !== undefined) await container.stop({ t: graceSeconds }).catch(ignoreStopped);
      return await container.remove({ force: true, v: volumes });
    } catch (error) {
      if (isMissing(error)) return;
      // 409: somebody else (`rm: true`, the engine itself) is removing it already.
      if ((error as { statusCode?: number }).statusCode === 409) break;
      if (attempt === REMOVE_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  await container.wait({ condition: "removed" }).catch(() => undefined);
}

async function connectNetworks(engine: Docker, id: string, inputs: Properties): Promise<void> {
  const networks = objectsOf(inputs.networksAdvanced);
  if (networks.length === 0) return;
  // The container was made with `networkMode`; the named networks take that one's place.
  const mode = textOf(inputs.networkMode) ?? "bridge";
  await engine.getNetwork(mode === "default" ? "bridge" : mode).disconnect({ Container: id, Force: true });
  for (const network of networks) {
    await engine.getNetwork(String(network.name)).connect({
      Container: id,
      EndpointConfig: {
        Aliases: textsOf(network.aliases),
        MacAddress: textOf(network.macAddress),
        IPAMConfig: {
          IPv4Address: textOf(network.ipv4Address),
          IPv6Address: textOf(network.ipv6Address),
          LinkLocalIPs: textsOf(network.linkLocalIps),
        },
        DriverOpts: Object.fromEntries((textsOf(network.driverOpts) ?? []).map((option) => option.split("=", 2))),
      },
    });
  }
}

async function start(container: Docker.Container, inputs: Properties): Promise<Properties> {
  if (inputs.start === false) return {};
  await container.start();
  if (inputs.wait === true) await awaitHealthy(container, numberOf(inputs.waitTimeout) ?? 60);
  if (inputs.attach === true) return awaitExit(container, inputs.logs === true);
  if (inputs.mustRun !== false) await requireRunning(container);
  return {};
}

async function updateContainer(container: Docker.Container, state: Properties, inputs: Properties): Promise<void> {
  try {
    const restart = state.mustRun === false && inputs.mustRun !== false && inputs.start !== false;
    if (restart) await container.start();
    if ([...LIMITS, ...THROTTLES].some((name) => !equal(inputs[name], state[name]))) {
      await container.update({ ...limits(inputs), RestartPolicy: restartPolicy(inputs) });
    }
  } catch (error) {
    throw new Error(`updating the container ${String(inputs.name)}: ${reasonOf(error)}`);
  }
}

async function deleteContainer(engine: Docker, id: string, state: Properties): Promise<void> {
  const graceSeconds = state.attach === true ? undefined : (numberOf(state.destroyGraceSeconds) ?? 0);
  try {
    await removeForGood(engine.getContainer(id), { graceSeconds, volumes: state.removeVolumes !== false });
  } catch (error) {
    throw new Error(`removing the container ${String(state.name)}: ${reasonOf(error)}`);
  }
}

/** 304: it stood still already. */
function ignoreStopped(error: { statusCode?: number }): void {
  if (error.statusCode !== 304 && error.statusCode !== 404) throw error as Error;
}

async function inspected(engine: Docker, id: string): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await engine.getContainer(id).inspect();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new Error(`reading the container ${id}: ${reasonOf(error)}`);
  }
}

/** Outputs and engine-made values of the old state; what the program could set comes from the new inputs alone. */
function kept(state: Properties): Properties {
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !(name in containerInputs) || containerInputs[name]?.computed === true),
  );
}

function recorded(inputs: Properties): Properties {
  const names = ["healthcheck", "init", "tmpfs", "rm", "cpuPeriod", "cpuQuota"].filter((name) => name in inputs);
  return Object.fromEntries(names.map((name) => [name, inputs[name] as Properties[string]]));
}

function checkContainer(inputs: Properties): CheckFailure[] {
  const failures = checkUploads(inputs);
  const restart = inputs.restart;
  if (restart !== UNKNOWN && !["no", "on-failure", "always", "unless-stopped"].includes(String(restart ?? "no"))) {
    const reason = `must be one of no, on-failure, always, unless-stopped, got ${String(restart)}`;
    failures.push({ property: "restart", reason });
  }
  const check = inputs.healthcheck;
  if (typeof check === "object" && check !== null && !Array.isArray(check)) {
    for (const name of ["interval", "timeout", "startPeriod", "startInterval"]) {
      const text = textOf(check[name]);
      if (text === undefined || text === UNKNOWN || !Number.isNaN(parseDuration(text))) continue;
      failures.push({ property: `healthcheck.${name}`, reason: `must be a duration like 5s or 1m30s, got ${text}` });
    }
  }
  for (const [index, mount] of objectsOf(inputs.mounts).entries()) {
    if (mount.type === UNKNOWN || ["bind", "volume", "tmpfs"].includes(String(mount.type))) continue;
    const reason = `must be bind, volume or tmpfs, got ${String(mount.type)}`;
    failures.push({ property: `mounts[${index}].type`, reason });
  }
  return failures;
}
