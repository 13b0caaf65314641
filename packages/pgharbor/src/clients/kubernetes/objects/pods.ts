import type { V1ContainerStatus, V1Pod, V1PodCondition } from "@kubernetes/client-node";
import { callApi, type PodLocation } from "../connection/client";

/** The pods of a label selector, oldest first. */
export async function listPods(location: PodLocation, selector: string): Promise<V1Pod[]> {
  const { namespace } = location.kubernetes;
  const list = await callApi(location, `list pods in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedPod({ namespace, labelSelector: selector }),
  );
  const age = (pod: V1Pod) => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
  return [...(list?.items ?? [])].sort((a, b) => age(a) - age(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** Of any object. */
export const nameOf = ({ metadata }: { metadata?: { name?: string } }): string => metadata?.name ?? "";
export const isLeaving = (pod: V1Pod): boolean => pod.metadata?.deletionTimestamp != null;
/** A kubelet is never so late. */
const LATE_MS = 60_000;
/** Kubernetes sets the time at which it will be killed, which it may take whole: it drains, and writes a checkpoint. */
export const hasTimeToLeave = ({ metadata }: V1Pod, now: number): boolean =>
  metadata?.deletionTimestamp != null && now < new Date(metadata.deletionTimestamp).getTime() + LATE_MS;

export const isReady = (pod: V1Pod): boolean =>
  !isLeaving(pod) && (pod.status?.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True");

/** In the order in which they start. A native sidecar is among the init containers. */
export const statusesOf = ({ status }: V1Pod): V1ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];
export const statusOf = (pod: V1Pod, container: string): V1ContainerStatus | undefined =>
  statusesOf(pod).find((status) => status.name === container);
/** Where no node takes it, what the scheduler says. */
export const unscheduledOf = (pod: V1Pod): V1PodCondition | undefined =>
  pod.status?.conditions?.find((c) => c.type === "PodScheduled" && c.status === "False");
export const isRunning = (pod: V1Pod, container: string): boolean =>
  !isLeaving(pod) && statusOf(pod, container)?.state?.running != null;

/** Whether the pod is there still. A change of it makes its kubelet look at it, and at its mounted Secrets, at once. */
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
