import { labelKeys } from "@pgharbor/core";
import { callApi, type PodLocation } from "../connection/client";

/** The label selector of all objects of a cluster. */
export const clusterSelector = (cluster: string): string => `${labelKeys.cluster}=${cluster}`;
/** The label selector of a cluster's member objects: pods, claims and Patroni's own objects. */
export const membersSelector = (cluster: string): string => `${clusterSelector(cluster)},${labelKeys.role}=member`;

/** A member's pod may use its whole grace period, the longest drain and ten minutes: a switchover, a checkpoint, Patroni's last writes. */
export const LEAVING_SECONDS = 960;

/** Finds what Kubernetes still has of a member. One with a StatefulSet is a member, one with only a pod is terminating. */
export async function remainsOfMember(location: PodLocation, pod: string): Promise<"StatefulSet" | "pod" | undefined> {
  const { namespace } = location.kubernetes;
  // A member's StatefulSet has one pod.
  const name = pod.replace(/-0$/, "");
  const set = await callApi(location, `read StatefulSet ${namespace}/${name}`, ({ apps }) =>
    apps.readNamespacedStatefulSet({ namespace, name }),
  );
  if (set !== undefined && set.metadata?.deletionTimestamp == null) return "StatefulSet";
  const found = await callApi(location, `read pod ${namespace}/${pod}`, ({ core }) =>
    core.readNamespacedPod({ namespace, name: pod }),
  );
  return found === undefined ? undefined : "pod";
}
