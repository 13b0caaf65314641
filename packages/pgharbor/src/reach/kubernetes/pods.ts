import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { callApi, type PodPlace } from "./client";

/** The pods of a label selector, oldest first. */
export async function listPods(place: PodPlace, selector: string): Promise<V1Pod[]> {
  const { namespace } = place.kubernetes;
  const list = await callApi(place, `list pods in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedPod({ namespace, labelSelector: selector }),
  );
  const age = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
  return [...(list?.items ?? [])].sort((a, b) => age(a) - age(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

export const nameOf = (pod: V1Pod): string => pod.metadata?.name ?? "";
export const isLeaving = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp != null;

export const isReady = (pod: V1Pod): boolean =>
  !isLeaving(pod) && (pod.status?.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True");

/** A native sidecar is among the init containers. */
export const statusOf = (pod: V1Pod, container: string): V1ContainerStatus | undefined =>
  [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(
    (status) => status.name === container,
  );
export const isRunning = (pod: V1Pod, container: string): boolean =>
  !isLeaving(pod) && statusOf(pod, container)?.state?.running != null;

/** Whether the pod is there still. A change of it makes its kubelet look at it, and at its mounted Secrets, at once. */
export async function annotatePod(
  place: PodPlace,
  name: string,
  annotations: Record<string, string>,
): Promise<boolean> {
  const { namespace } = place.kubernetes;
  const patched = await callApi(place, `annotate pod ${namespace}/${name}`, ({ core, library }) =>
    core.patchNamespacedPod(
      { name, namespace, body: { metadata: { annotations } }, fieldManager: "pgharbor" },
      library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
    ),
  );
  return patched !== undefined;
}
