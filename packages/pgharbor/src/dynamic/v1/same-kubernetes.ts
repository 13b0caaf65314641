import { ExplainedError } from "@pgharbor/sql";
import { callApi, kubernetesClient } from "../../reach/kubernetes/client";
import { comparablePlace, podPlace, type Place } from "../../reach/place";
import { gate } from "./gate";

/**
 * That the kubeconfig leads where the kubernetes provider works: two ways to two clusters would put claims and Secrets into the
 * wrong one, beside pods of the same names.
 */
export interface SameKubernetesInputs extends Place {
  /** What the provider has made. */
  account: { name: string; uid: string };
}

export const sameKubernetes = gate<SameKubernetesInputs>({
  id: (inputs) => `${inputs.kubernetes?.namespace}/${inputs.account.name}`,
  comparable: (inputs) => ({ ...comparablePlace(inputs), account: inputs.account }),
  pass,
});

async function pass(inputs: SameKubernetesInputs): Promise<void> {
  const place = podPlace(inputs);
  const { namespace } = place.kubernetes;
  const { name, uid } = inputs.account;
  const found = await callApi(place, `read ServiceAccount ${namespace}/${name}`, ({ core }) =>
    core.readNamespacedServiceAccount({ namespace, name }),
  );
  if (found?.metadata?.uid === uid) return;
  const { server } = await kubernetesClient(place);
  const state = found === undefined ? "is no ServiceAccount" : "is another ServiceAccount";
  throw new ExplainedError({
    path: "kubeconfig",
    problem: "leads to another Kubernetes than the one that the kubernetes provider makes things in",
    value: `${server}, where there ${state} ${namespace}/${name}`,
    fix: "give the cluster the provider's own kubeconfig (the argument kubeconfig), or its context in yours (kubernetes.reach.context)",
  });
}
