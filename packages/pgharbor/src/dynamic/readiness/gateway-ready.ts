import { callApi } from "../../clients/kubernetes/connection/client";
import { warningsOf } from "../../clients/kubernetes/objects/events";
import { listPods } from "../../clients/kubernetes/objects/pods";
import { retryReplicaSets } from "../../clients/kubernetes/connection/retry";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import { preconditionHandler } from "../provider/precondition";
import { waitUntilKnown } from "./known-to-members";
import { isRolledOut, progress, refusal } from "./pod-condition";
import { refused, troubleOf } from "./pod-trouble";
import { workloadDeleted, PodWatch, type Look } from "./pod-watch";

/** Inputs of the wait for every pod of a gateway to be updated and ready. */
export interface GatewayReadyInputs extends PodLocation {
  deployment: string;
  /** Label selector of the Deployment's pods. */
  selector: string;
  /** The Deployment and its generation. After a change of either, the handler waits for the pods. */
  version: { uid?: string; generation?: number };
  /** The cluster whose hooks pause these pods' poolers, and the headless Service by which its members find the pods. */
  pausedBy?: { cluster: string; name: string };
}

export const gatewayReady = preconditionHandler<GatewayReadyInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.deployment}`,
  comparable: (inputs) => ({
    ...comparableLocation(inputs),
    deployment: inputs.deployment,
    selector: inputs.selector,
    version: inputs.version,
  }),
  run: waitUntilReady,
});

async function waitUntilReady(inputs: GatewayReadyInputs, again: boolean): Promise<void> {
  const workload = `deployment/${inputs.deployment}`;
  // The cause of a refused pod may be gone, and the controller retries with growing delays.
  await retryReplicaSets(podLocation(inputs), inputs.selector);
  await new PodWatch(podLocation(inputs), workload).waitUntilDone(() => look(inputs, workload));
  if (again && inputs.pausedBy !== undefined)
    await waitUntilKnown(inputs, { ...inputs.pausedBy, selector: inputs.selector });
}

async function look(inputs: GatewayReadyInputs, workload: string): Promise<Look> {
  const location = podLocation(inputs);
  const { namespace } = location.kubernetes;
  const deployment = await callApi(location, `read ${workload} in namespace ${namespace}`, ({ apps }) =>
    apps.readNamespacedDeployment({ namespace, name: inputs.deployment }),
  );
  if (deployment === undefined) throw workloadDeleted(workload, namespace);
  const status = progress(deployment);
  if (isRolledOut(deployment)) return { done: true, status };
  const pods = await listPods(location, inputs.selector);
  const message = refusal(deployment);
  const trouble = troubleOf(pods, await warningsOf(location, pods), Date.now());
  return { done: false, status, trouble: trouble ?? (message === undefined ? undefined : refused(workload, message)) };
}
