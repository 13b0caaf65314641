import type { V1ContainerStatus, V1Pod, V1PodCondition } from "@kubernetes/client-node";
import { callApi, type PodLocation } from "../connection/client";

/** Lists the pods of a label selector, oldest first. */
export async function listPods(location: PodLocation, selector: string): Promise<V1Pod[]> {
  const { namespace } = location.kubernetes;
  const list = await callApi(location, `list pods in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedPod({ namespace, labelSelector: selector }),
  );
  const age = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
  return [...(list?.items ?? [])].sort((a, b) => age(a) - age(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

export const nameOf = ({ metadata }: { metadata?: { name?: string } }): string => metadata?.name ?? "";
export const isTerminating = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp != null;
/** A kubelet's delay is always shorter. */
const KUBELET_DELAY_MS = 60_000;
/** Kubernetes sets the time at which it kills a pod. A member may use all of it to drain and to write a checkpoint. */
export const isWithinGracePeriod = ({ metadata }: V1Pod, now: number): boolean =>
  metadata?.deletionTimestamp != null && now < new Date(metadata.deletionTimestamp).getTime() + KUBELET_DELAY_MS;

export const isReady = (pod: V1Pod): boolean =>
  !isTerminating(pod) && (pod.status?.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True");

/** Statuses in start order. A native sidecar is among the init containers. */
export const statusesOf = ({ status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];
export const statusOf = (pod: V1Pod, container: string): V1ContainerStatus | undefined =>
  statusesOf(pod).find((status) => status.name === container);
/** The scheduler's condition of a pod that fits no node. */
export const unscheduledCondition = (pod: V1Pod): V1PodCondition | undefined =>
  pod.status?.conditions?.find((c) => c.type === "PodScheduled" && c.status === "False");
export const isRunning = (pod: V1Pod, container: string): boolean =>
  !isTerminating(pod) && statusOf(pod, container)?.state?.running != null;

/** A change of a pod makes its kubelet sync the pod and its mounted Secrets at once. @returns false where the pod is gone */
export async function annotatePod(
  location: PodLocation,
  name: string,
  annotations: Record<string, string>,
): Promise<boolean> {
  const { namespace } = location.kubernetes;
  const patched = await callApi(location, `annotate pod ${namespace}/${name}`, ({ core, library }) =>
    core.patchNamespacedPod(
      { name, namespace, body: { metadata: { annotations } }, fieldManager: "pgharbor" },
      library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
    ),
  );
  return patched !== undefined;
}
