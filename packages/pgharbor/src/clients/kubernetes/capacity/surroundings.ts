import type { V1LimitRange, V1Namespace, V1ResourceQuota, V1StorageClass, VersionInfo } from "@kubernetes/client-node";
import { callApi, METADATA_LIST, type PodPlace } from "../connection/client";
import { nameOf } from "../objects/pods";

export const readVersion = (place: PodPlace): Promise<VersionInfo | undefined> =>
  callApi(place, "read the version", ({ version }) => version.getCode());

export const readNamespace = (place: PodPlace): Promise<V1Namespace | undefined> =>
  callApi(place, `read namespace ${place.kubernetes.namespace}`, ({ core }) =>
    core.readNamespace({ name: place.kubernetes.namespace }),
  );

export const listStorageClasses = async (place: PodPlace): Promise<V1StorageClass[]> =>
  (await callApi(place, "list StorageClasses", ({ storage }) => storage.listStorageClass()))?.items ?? [];

export const listPriorityClasses = async (place: PodPlace): Promise<string[]> =>
  ((await callApi(place, "list PriorityClasses", ({ scheduling }) => scheduling.listPriorityClass()))?.items ?? []).map(
    nameOf,
  );

export const listQuotas = async (place: PodPlace): Promise<V1ResourceQuota[]> =>
  (
    await callApi(place, `list ResourceQuotas in namespace ${place.kubernetes.namespace}`, ({ core }) =>
      core.listNamespacedResourceQuota({ namespace: place.kubernetes.namespace }),
    )
  )?.items ?? [];

export const listLimitRanges = async (place: PodPlace): Promise<V1LimitRange[]> =>
  (
    await callApi(place, `list LimitRanges in namespace ${place.kubernetes.namespace}`, ({ core }) =>
      core.listNamespacedLimitRange({ namespace: place.kubernetes.namespace }),
    )
  )?.items ?? [];

/** The kinds that quotas count, besides pods and claims. */
const LISTS = {
  services: "Service",
  secrets: "Secret",
  configmaps: "ConfigMap",
  "count/statefulsets.apps": "StatefulSet",
  "count/deployments.apps": "Deployment",
} as const;
export type Counted = keyof typeof LISTS;
export const counted = Object.keys(LISTS) as Counted[];

/** Names of the objects of a kind that are there. Of Secrets too only what they are called: their contents are not asked for. */
export async function listNames(place: PodPlace, kind: Counted, labelSelector?: string): Promise<string[]> {
  const { namespace } = place.kubernetes;
  const list = await callApi(
    place,
    `list ${LISTS[kind]}s in namespace ${namespace}`,
    ({ core, apps, library }): Promise<{ items: { metadata?: { name?: string } }[] }> => {
      const options = library.setHeaderOptions("Accept", METADATA_LIST);
      const which = { namespace, labelSelector };
      switch (kind) {
        case "services":
          return core.listNamespacedService(which, options);
        case "secrets":
          return core.listNamespacedSecret(which, options);
        case "configmaps":
          return core.listNamespacedConfigMap(which, options);
        case "count/statefulsets.apps":
          return apps.listNamespacedStatefulSet(which, options);
        case "count/deployments.apps":
          return apps.listNamespacedDeployment(which, options);
      }
    },
  );
  return (list?.items ?? []).map(nameOf);
}
