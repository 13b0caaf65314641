import { callApi, type PodPlace } from "./client";
import { ofMembers } from "./member-pod";
import { nameOf } from "./pods";

/**
 * The pod that Patroni's lock names; none once a leader has stopped and given it back. Found by a list, which whoever runs a
 * program may have anyway, to take Patroni's objects away.
 */
export async function leaderOf(place: PodPlace, cluster: string): Promise<string | undefined> {
  const { namespace } = place.kubernetes;
  const labelSelector = ofMembers(cluster);
  const found = await callApi(place, `list ConfigMaps in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedConfigMap({ namespace, labelSelector }),
  );
  const lock = found?.items.find((one) => nameOf(one) === `${cluster}-leader`);
  return lock?.metadata?.annotations?.leader;
}
