import { ExplainedError, type Explanation } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";

import { kubernetesClient } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import { gate } from "../provider/gate";
import type { PreflightInputs } from "./inputs";
import { problemsOfNamed } from "./named";
import { problemsOfRoom } from "./room";
import { lookAtVolumes } from "./volumes";

/** What the same program makes without saying that it comes first may be there a moment later. */
const PATIENCE_MS = 10_000;
const POLL_MS = 1000;

/**
 * Comes before everything else of a cluster: nothing is made, and nothing that runs is touched, when it cannot work out.
 * It is passed again when what it looks for has changed.
 */
export const preflight = gate<PreflightInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.cluster}`,
  // A field that is not given is not in the state.
  comparable: (inputs) => ({
    ...comparableLocation(inputs),
    cluster: inputs.cluster,
    storageClass: inputs.storageClass ?? "",
    claims: inputs.claims,
    size: inputs.size,
    priorityClass: inputs.priorityClass ?? "",
    imagePullSecrets: inputs.imagePullSecrets,
    certificate: inputs.certificate ?? "",
    pods: inputs.pods,
    objects: inputs.objects,
    nodePorts: inputs.nodePorts,
    loadBalancers: inputs.loadBalancers,
  }),
  pass,
});

async function pass(inputs: PreflightInputs): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const problems = await problemsOf(inputs);
    if (problems.length === 0) return;
    if (Date.now() > deadline) throw new ExplainedError(problems);
    await sleep(POLL_MS);
  }
}

async function problemsOf(inputs: PreflightInputs): Promise<Explanation[]> {
  const { server } = await kubernetesClient(podLocation(inputs));
  const volumes = await lookAtVolumes(inputs);
  const [named, room] = await Promise.all([problemsOfNamed(inputs, volumes, server), problemsOfRoom(inputs, volumes)]);
  return [...named, ...room];
}
