import type { V1ConfigMap } from "@kubernetes/client-node";
import { callApi, type PodPlace } from "./client";
import { ofMembers } from "./member-pod";
import { nameOf } from "./pods";

/** The pod that Patroni's lock names; none once a leader has stopped and given it back. */
export async function leaderOf(place: PodPlace, cluster: string): Promise<string | undefined> {
  const lock = await patronisOwn(place, cluster, `${cluster}-leader`);
  return lock?.metadata?.annotations?.leader;
}

/** Whether a member has made the database that all others copy: Patroni notes its identity then. */
export async function isInitialized(place: PodPlace, cluster: string): Promise<boolean> {
  const config = await patronisOwn(place, cluster, `${cluster}-config`);
  return (config?.metadata?.annotations?.initialize ?? "") !== "";
}

/** Found by a list, which whoever runs a program may have anyway, to take Patroni's objects away. */
async function patronisOwn(place: PodPlace, cluster: string, name: string): Promise<V1ConfigMap | undefined> {
  const { namespace } = place.kubernetes;
  const labelSelector = ofMembers(cluster);
  const found = await callApi(place, `list ConfigMaps in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedConfigMap({ namespace, labelSelector }),
  );
  return found?.items.find((one) => nameOf(one) === name);
}
