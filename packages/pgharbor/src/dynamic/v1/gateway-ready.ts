import { isDeepStrictEqual } from "node:util";
import { callApi } from "../../reach/kubernetes/client";
import { warningsOf } from "../../reach/kubernetes/events";
import { listPods } from "../../reach/kubernetes/pods";
import { retryReplicaSets } from "../../reach/kubernetes/retry";
import { comparablePlace, podPlace, type Place } from "../../reach/place";
import type { Handler } from "./handler";
import { isRolledOut, progress, refusal } from "./pod-condition";
import { refused, troubleOf } from "./pod-trouble";
import { PodWatch, type Look } from "./pod-watch";
import { ExplainedError } from "@pgharbor/sql";

/** That every pod of a gateway is there, is new, and takes connections. */
export interface GatewayReadyInputs extends Place {
  deployment: string;
  /** Label selector of its pods. */
  selector: string;
  /** Which Deployment, and which state of it: after a change of either its pods are waited for. */
  version: { uid: string; generation: number };
}

export const gatewayReady: Handler<GatewayReadyInputs> = {
  async diff(_id, olds, news) {
    return { changes: !isDeepStrictEqual(comparable(olds), comparable(news)) };
  },
  async create(inputs) {
    await untilReady(inputs);
    return { id: `${inputs.kubernetes?.namespace}/${inputs.deployment}`, outs: inputs };
  },
  async update(_id, _olds, news) {
    await untilReady(news);
    return { outs: news };
  },
};

const comparable = (inputs: GatewayReadyInputs) => ({
  ...comparablePlace(inputs),
  deployment: inputs.deployment,
  selector: inputs.selector,
  version: inputs.version,
});

async function untilReady(inputs: GatewayReadyInputs): Promise<void> {
  const workload = `deployment/${inputs.deployment}`;
  // What refused a pod may be gone, and the controller tries again ever more seldom.
  await retryReplicaSets(podPlace(inputs), inputs.selector);
  await new PodWatch(podPlace(inputs), workload).until(() => look(inputs, workload));
}

async function look(inputs: GatewayReadyInputs, workload: string): Promise<Look> {
  const place = podPlace(inputs);
  const { namespace } = place.kubernetes;
  const deployment = await callApi(place, `read ${workload} in namespace ${namespace}`, ({ apps }) =>
    apps.readNamespacedDeployment({ namespace, name: inputs.deployment }),
  );
  if (deployment === undefined) throw gone(workload, namespace);
  const status = progress(deployment);
  if (isRolledOut(deployment)) return { done: true, status };
  const pods = await listPods(place, inputs.selector);
  const said = refusal(deployment);
  const trouble = troubleOf(pods, await warningsOf(place, pods), Date.now());
  return { done: false, status, trouble: trouble ?? (said === undefined ? undefined : refused(workload, said)) };
}

export const gone = (workload: string, namespace: string): Error =>
  new ExplainedError({
    path: `${workload} in namespace ${namespace}`,
    problem: "was deleted while it was waited for",
    value: "nothing",
    fix: "run `pulumi refresh`, and `pulumi up` again",
  });
