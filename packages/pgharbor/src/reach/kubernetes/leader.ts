import { callApi, type PodPlace } from "./client";

/** The pod that Patroni's lock names; none once a leader has stopped and given it back. */
export async function leaderOf(place: PodPlace, cluster: string): Promise<string | undefined> {
  const { namespace } = place.kubernetes;
  const name = `${cluster}-leader`;
  const found = await callApi(place, `read ConfigMap ${namespace}/${name}`, ({ core }) =>
    core.readNamespacedConfigMap({ namespace, name }),
  );
  return found?.metadata?.annotations?.leader;
}
