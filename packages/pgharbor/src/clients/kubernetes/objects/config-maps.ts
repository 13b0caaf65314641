import type { V1ConfigMap } from "@kubernetes/client-node";
import { callApi, METADATA_LIST, type PodPlace } from "../connection/client";

/** What they are called, their labels and annotations: what is in them is not asked for. */
export async function listConfigMaps(place: PodPlace, labelSelector?: string): Promise<V1ConfigMap[]> {
  const { namespace } = place.kubernetes;
  const found = await callApi(place, `list ConfigMaps in namespace ${namespace}`, ({ core, library }) =>
    core.listNamespacedConfigMap({ namespace, labelSelector }, library.setHeaderOptions("Accept", METADATA_LIST)),
  );
  return found?.items ?? [];
}
