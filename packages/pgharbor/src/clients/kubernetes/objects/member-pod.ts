import { labelKeys } from "@pgharbor/core";
import { callApi, type PodLocation } from "../connection/client";

/** Label selector of all that a cluster has. */
export const ofCluster = (cluster: string): string => `${labelKeys.cluster}=${cluster}`;
/** Label selector of what is members' in a cluster: their pods, their claims, and Patroni's own objects. */
export const ofMembers = (cluster: string): string => `${ofCluster(cluster)},${labelKeys.role}=member`;

/** A member's pod may take its whole grace, the longest drain and ten minutes: a hand-over, a checkpoint, its last words. */
export const LEAVING_SECONDS = 960;

/** What of a member Kubernetes still has: with its StatefulSet it is a member, with its pod only it is on its way out. */
export async function leftOfMember(location: PodLocation, pod: string): Promise<"StatefulSet" | "pod" | undefined> {
  const { namespace } = location.kubernetes;
  // The one pod of the set of a member.
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
