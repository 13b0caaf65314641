import { callApi } from "../../clients/kubernetes/connection/client";
import { warningsOf } from "../../clients/kubernetes/objects/events";
import { listPods } from "../../clients/kubernetes/objects/pods";
import { retryReplicaSets } from "../../clients/kubernetes/connection/retry";
import { comparableLocation, podLocation, type Location } from "../../clients/location";
import { gate } from "../provider/gate";
import { untilKnown } from "./known-to-members";
import { isRolledOut, progress, refusal } from "./pod-condition";
import { refused, troubleOf } from "./pod-trouble";
import { gone, PodWatch, type Look } from "./pod-watch";

/** That every pod of a gateway is there, is new, and takes connections. */
export interface GatewayReadyInputs extends Location {
  deployment: string;
  /** Label selector of its pods. */
  selector: string;
  /** Which Deployment, and which state of it: after a change of either its pods are waited for. */
  version: { uid?: string; generation?: number };
  /** Of pods whose poolers hooks pause: who must know of them. */
  pausedBy?: { cluster: string; name: string };
}

export const gatewayReady = gate<GatewayReadyInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.deployment}`,
  comparable: (inputs) => ({
    ...comparableLocation(inputs),
    deployment: inputs.deployment,
    selector: inputs.selector,
    version: inputs.version,
  }),
  pass: untilReady,
});

async function untilReady(inputs: GatewayReadyInputs, again: boolean): Promise<void> {
  const workload = `deployment/${inputs.deployment}`;
  // What refused a pod may be gone, and the controller tries again ever more seldom.
  await retryReplicaSets(podLocation(inputs), inputs.selector);
  await new PodWatch(podLocation(inputs), workload).until(() => look(inputs, workload));
  if (again && inputs.pausedBy !== undefined)
    await untilKnown(inputs, { ...inputs.pausedBy, selector: inputs.selector });
}

async function look(inputs: GatewayReadyInputs, workload: string): Promise<Look> {
  const location = podLocation(inputs);
  const { namespace } = location.kubernetes;
  const deployment = await callApi(location, `read ${workload} in namespace ${namespace}`, ({ apps }) =>
    apps.readNamespacedDeployment({ namespace, name: inputs.deployment }),
  );
  if (deployment === undefined) throw gone(workload, namespace);
  const status = progress(deployment);
  if (isRolledOut(deployment)) return { done: true, status };
  const pods = await listPods(location, inputs.selector);
  const said = refusal(deployment);
  const trouble = troubleOf(pods, await warningsOf(location, pods), Date.now());
  return { done: false, status, trouble: trouble ?? (said === undefined ? undefined : refused(workload, said)) };
}
