import type { V1ConfigMap } from "@kubernetes/client-node";
import { callApi, type PodPlace } from "./client";

export async function listConfigMaps(place: PodPlace, labelSelector?: string): Promise<V1ConfigMap[]> {
  const { namespace } = place.kubernetes;
  const found = await callApi(place, `list ConfigMaps in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedConfigMap({ namespace, labelSelector }),
  );
  return found?.items ?? [];
}
