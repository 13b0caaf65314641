import type { V1ConfigMap } from "@kubernetes/client-node";
import { callApi, METADATA_LIST, type PodLocation } from "../connection/client";

/** Lists only the metadata of ConfigMaps, not their contents. */
export async function listConfigMaps(location: PodLocation, labelSelector?: string): Promise<V1ConfigMap[]> {
  const { namespace } = location.kubernetes;
  const found = await callApi(location, `list ConfigMaps in namespace ${namespace}`, ({ core, library }) =>
    core.listNamespacedConfigMap({ namespace, labelSelector }, library.setHeaderOptions("Accept", METADATA_LIST)),
  );
  return found?.items ?? [];
}
