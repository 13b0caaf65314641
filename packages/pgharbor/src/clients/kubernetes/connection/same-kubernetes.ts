import { ExplainedError } from "@pgharbor/core";
import type { CoreV1Api } from "@kubernetes/client-node";

/** A ServiceAccount that the kubernetes provider created. The account's uid is unique to one cluster. */
export interface ServiceAccountIdentity {
  name: string;
  uid: string;
}

/** One request with retries. Returns `undefined` for an object that does not exist. */
type Api = <T>(what: string, request: (core: CoreV1Api) => Promise<T>) => Promise<T | undefined>;

/**
 * Where the provider and the kubeconfig connect to different clusters, claims and Secrets would be written into the wrong one, or
 * those of another cluster of the same name deleted. A namespace that is gone holds nothing that could be mistaken.
 */
export async function assertAccount(
  api: Api,
  server: string,
  namespace: string,
  { name, uid }: ServiceAccountIdentity,
): Promise<void> {
  const account = await api(`read ServiceAccount ${namespace}/${name}`, (core) =>
    core.readNamespacedServiceAccount({ namespace, name }),
  );
  if (account?.metadata?.uid === uid) return;
  if (account === undefined) {
    const found = await api(`read namespace ${namespace}`, (core) => core.readNamespace({ name: namespace }));
    if (found === undefined || found.status?.phase === "Terminating") return;
  }
  const state = account === undefined ? "is no ServiceAccount" : "is another ServiceAccount";
  throw new ExplainedError({
    path: "kubeconfig",
    problem: "connects to another Kubernetes cluster than the kubernetes provider",
    value: `${server}, where there ${state} ${namespace}/${name}`,
    fix:
      "give the cluster the provider's own kubeconfig (the argument kubeconfig), or its context in yours (kubernetes.connection.context); " +
      "if it is the same one and somebody has deleted the ServiceAccount, run `pulumi up --refresh --target` of that one first",
  });
}
