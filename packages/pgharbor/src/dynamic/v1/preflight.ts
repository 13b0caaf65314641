import { setTimeout as sleep } from "node:timers/promises";
import { ExplainedError, type Problem } from "@pgharbor/sql";
import type { PodDemand } from "../../reach/kubernetes/demand";
import { kubernetesClient } from "../../reach/kubernetes/client";
import type { Counted } from "../../reach/kubernetes/surroundings";
import { comparablePlace, podPlace, type Place } from "../../reach/place";
import { gate } from "./gate";
import { problemsOfNamed } from "./preflight-named";
import { problemsOfRoom } from "./preflight-room";
import { lookAtVolumes } from "./preflight-volumes";

/** What a cluster takes for granted of the Kubernetes it is put into. */
export interface PreflightInputs extends Place {
  cluster: string;
  /** Absent: there must be a default one. */
  storageClass?: string;
  /** The members' claims, and the size of each. */
  claims: string[];
  size: string;
  priorityClass?: string;
  imagePullSecrets: string[];
  /** A Secret with the certificate of all, and the names that it must have. */
  certificate?: { secret: string; names: string[] };
  pods: PodDemand[];
  /** Names of what is made, by what a ResourceQuota calls the kind. */
  objects: Record<Counted, string[]>;
  /** Of the Services, those with a port of every node, and those with a load balancer. */
  nodePorts: string[];
  loadBalancers: string[];
}

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
    ...comparablePlace(inputs),
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

async function problemsOf(inputs: PreflightInputs): Promise<Problem[]> {
  const { server } = await kubernetesClient(podPlace(inputs));
  const volumes = await lookAtVolumes(inputs);
  const [named, room] = await Promise.all([problemsOfNamed(inputs, volumes, server), problemsOfRoom(inputs, volumes)]);
  return [...named, ...room];
}
