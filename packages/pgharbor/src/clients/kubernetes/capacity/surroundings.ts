import type { V1LimitRange, V1Namespace, V1ResourceQuota, V1StorageClass, VersionInfo } from "@kubernetes/client-node";
import { callApi, METADATA_LIST, type PodLocation } from "../connection/client";
import { nameOf } from "../objects/pods";

export const readVersion = (location: PodLocation): Promise<VersionInfo | undefined> =>
  callApi(location, "read the version", ({ version }) => version.getCode());

export const readNamespace = (location: PodLocation): Promise<V1Namespace | undefined> =>
  callApi(location, `read namespace ${location.kubernetes.namespace}`, ({ core }) =>
    core.readNamespace({ name: location.kubernetes.namespace }),
  );

export const listStorageClasses = async (location: PodLocation): Promise<V1StorageClass[]> =>
  (await callApi(location, "list StorageClasses", ({ storage }) => storage.listStorageClass()))?.items ?? [];

export const listPriorityClasses = async (location: PodLocation): Promise<string[]> =>
  (
    (await callApi(location, "list PriorityClasses", ({ scheduling }) => scheduling.listPriorityClass()))?.items ?? []
  ).map(nameOf);

export const listQuotas = async (location: PodLocation): Promise<V1ResourceQuota[]> =>
  (
    await callApi(location, `list ResourceQuotas in namespace ${location.kubernetes.namespace}`, ({ core }) =>
      core.listNamespacedResourceQuota({ namespace: location.kubernetes.namespace }),
    )
  )?.items ?? [];

export const listLimitRanges = async (location: PodLocation): Promise<V1LimitRange[]> =>
  (
    await callApi(location, `list LimitRanges in namespace ${location.kubernetes.namespace}`, ({ core }) =>
      core.listNamespacedLimitRange({ namespace: location.kubernetes.namespace }),
    )
  )?.items ?? [];

/** The kinds that quotas count besides pods and claims. */
const LISTS = {
  services: "Service",
  secrets: "Secret",
  configmaps: "ConfigMap",
  "count/statefulsets.apps": "StatefulSet",
  "count/deployments.apps": "Deployment",
} as const;
export type Counted = keyof typeof LISTS;
export const countedKinds = Object.keys(LISTS) as Counted[];

/** Lists the names of existing objects of a kind. Only metadata is requested, not the contents of Secrets. */
export async function listNames(location: PodLocation, kind: Counted, labelSelector?: string): Promise<string[]> {
  const { namespace } = location.kubernetes;
  const list = await callApi(
    location,
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
