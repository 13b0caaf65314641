import { kubernetesClient } from "../../clients/kubernetes/connection/client";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation } from "../../clients/location";
import { preconditionHandler } from "../provider/precondition";

/** Inputs of the check that the kubeconfig and the kubernetes provider connect to the same cluster. */
export interface SameKubernetesInputs extends PodLocation {
  cluster: string;
}

/** Every resource that connects to Kubernetes checks this. This one comes first, so that only one error is reported. */
export const sameKubernetes = preconditionHandler<SameKubernetesInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.cluster}`,
  comparable: (inputs) => ({ ...comparableLocation(inputs), account: inputs.kubernetes?.account }),
  run: async (inputs) => void (await kubernetesClient(podLocation(inputs))),
});
