import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { callApi } from "../../clients/kubernetes/connection/client";
import { listPods } from "../../clients/kubernetes/objects/pods";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import type { Handler } from "../provider/handler";
import { podsCondition, type PodsCondition } from "../readiness/pod-condition";

/** Inputs of the wait for the pods of one supporting service to run and be healthy. */
export interface PodInstanceInputs extends PodLocation {
  deployment: string;
  /** Label selector of the Deployment's pods. */
  selector: string;
  /** Pods that stay `creating` for longer have failed. */
  timeoutSeconds: number;
  /** The time after which a running pod must be ready. @default 60 */
  settleSeconds?: number;
  /** Identifies the Deployment or a state of it. After a change, the handler waits for the pods again. */
  generation?: unknown;
}
export interface PodInstanceOutputs extends PodInstanceInputs {
  /** `creating`, `running` or `failed`. */
  state: string;
  /** `healthy`, `unhealthy`, `starting`, or `none` without a probe. */
  health: string;
  /** The time of the last change of the pods' readiness. */
  lastHealthAt?: string;
}

const POLL_MS = 500;
/** A registry or a Secret may be available a moment later. After this time it will not be. */
const FAILED_MS = 30_000;

export const podInstance: Handler<PodInstanceInputs, PodInstanceOutputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) || olds.state !== "running" };
  },
  async create(inputs) {
    return { id: `${inputs.kubernetes?.namespace}/${inputs.deployment}`, outs: await waitUntilRunning(inputs) };
  },
  async update(_id, _olds, news) {
    return { outs: await waitUntilRunning(news) };
  },
  async read(id, props) {
    const found = await inspect(props);
    if (found === undefined) return { id: "" };
    if (found.state === props.state && found.health === props.health) return { id, props };
    return { id, props: outputsOf(props, found) };
  },
};

const comparable = (inputs: PodInstanceInputs) => ({
  ...comparableLocation(inputs),
  deployment: inputs.deployment,
  selector: inputs.selector,
  settleSeconds: inputs.settleSeconds ?? 0,
  generation: inputs.generation ?? "",
});

/** A state cannot hold a field that is undefined. */
function outputsOf(inputs: PodInstanceInputs, { state, health, lastHealthAt }: PodsCondition): PodInstanceOutputs {
  const { lastHealthAt: _former, ...rest } = inputs as PodInstanceOutputs;
  return { ...rest, state, health, ...(lastHealthAt === undefined ? {} : { lastHealthAt }) };
}

async function inspect(inputs: PodInstanceInputs): Promise<PodsCondition | undefined> {
  const location = podLocation(inputs);
  const { namespace } = location.kubernetes;
  const deployment = await callApi(location, `read Deployment ${namespace}/${inputs.deployment}`, ({ apps }) =>
    apps.readNamespacedDeployment({ namespace, name: inputs.deployment }),
  );
  if (deployment === undefined) return undefined;
  const settledMs = inputs.settleSeconds === undefined ? undefined : inputs.settleSeconds * 1000;
  return podsCondition(deployment, await listPods(location, inputs.selector), Date.now(), settledMs);
}

async function waitUntilRunning(inputs: PodInstanceInputs): Promise<PodInstanceOutputs> {
  const start = Date.now();
  let failedSince: number | undefined;
  for (;;) {
    const found = await inspect(inputs);
    if (found === undefined) throw failed(inputs, "is gone");
    if (found.state === "running") return outputsOf(inputs, found);
    failedSince = found.state === "failed" ? (failedSince ?? Date.now()) : undefined;
    const isFinal = found.isFinal || (failedSince !== undefined && Date.now() - failedSince > FAILED_MS);
    if (isFinal) throw failed(inputs, found.reason);
    if (Date.now() - start > inputs.timeoutSeconds * 1000)
      throw failed(inputs, `is ${found.health} after ${inputs.timeoutSeconds} s: ${found.reason}`);
    await sleep(POLL_MS);
  }
}

/** Errors do not show the program's output, which may contain credentials. */
const failed = ({ deployment, kubernetes }: PodInstanceInputs, what: string): Error =>
  new Error(
    `${deployment}: failed, it ${what}; see why with \`kubectl -n ${kubernetes?.namespace} logs deployment/${deployment}\` ` +
      `and \`kubectl -n ${kubernetes?.namespace} describe deployment ${deployment}\``,
  );
