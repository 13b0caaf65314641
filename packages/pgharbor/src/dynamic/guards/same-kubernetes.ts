import { kubernetesClient } from "../../clients/kubernetes/connection/client";
import { comparableLocation, podLocation, type Location } from "../../clients/location";
import { gate } from "../provider/gate";

/** That the kubeconfig leads where the kubernetes provider works. */
export interface SameKubernetesInputs extends Location {
  cluster: string;
}

/** Every resource that has a way to Kubernetes looks for itself; this one comes first, so that one error says it, and not all of them. */
export const sameKubernetes = gate<SameKubernetesInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.cluster}`,
  comparable: (inputs) => ({ ...comparableLocation(inputs), account: inputs.kubernetes?.account }),
  pass: async (inputs) => void (await kubernetesClient(podLocation(inputs))),
});
