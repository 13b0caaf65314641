import { ExplainedError, type Explanation } from "@pgharbor/core";

import { kubernetesClient } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import { waitUntil } from "../../wait/wait-until";
import { preconditionHandler } from "../provider/precondition";
import type { PreflightInputs } from "./inputs";
import { problemsOfNamed } from "./named";
import { problemsOfRoom } from "./room";
import { readVolumes } from "./volumes";

/** Objects that the same program creates without a dependency may exist a moment later. */
const PATIENCE_SECONDS = 10;
const POLL_MS = 1000;

/**
 * Runs before everything else of a cluster, so an impossible change creates nothing and leaves running pods alone. It
 * runs again when the inputs of the preflight change.
 */
export const preflight = preconditionHandler<PreflightInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.cluster}`,
  // The state does not contain fields that are not given.
  comparable: (inputs) => ({
    ...comparableLocation(inputs),
    cluster: inputs.cluster,
    claims: inputs.claims.map((claim) => ({ ...claim, storageClass: claim.storageClass ?? "" })),
    priorityClass: inputs.priorityClass ?? "",
    imagePullSecrets: inputs.imagePullSecrets,
    certificate: inputs.certificate ?? "",
    pods: inputs.pods,
    objects: inputs.objects,
    nodePorts: inputs.nodePorts,
    loadBalancers: inputs.loadBalancers,
  }),
  run: waitUntilNoProblems,
});

async function waitUntilNoProblems(inputs: PreflightInputs): Promise<void> {
  let problems: Explanation[] = [];
  const done = async () => (problems = await problemsOf(inputs)).length === 0;
  if (!(await waitUntil({ within: PATIENCE_SECONDS, every: POLL_MS, done }))) throw new ExplainedError(problems);
}

async function problemsOf(inputs: PreflightInputs): Promise<Explanation[]> {
  const { server } = await kubernetesClient(podLocation(inputs));
  const volumes = await readVolumes(inputs);
  const [named, room] = await Promise.all([problemsOfNamed(inputs, volumes, server), problemsOfRoom(inputs, volumes)]);
  return [...named, ...room];
}
