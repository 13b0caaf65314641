import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { callApi, type PodLocation } from "../connection/client";

/** A PersistentVolumeClaim that pgharbor writes. */
export interface WrittenClaim {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** @default the cluster's default StorageClass */
  storageClass?: string;
  /** A Kubernetes quantity such as `8Gi`. */
  size: string;
}

/** The requested size. The volume may be larger. */
export const requestedSize = ({ spec }: V1PersistentVolumeClaim): string => spec?.resources?.requests?.storage ?? "0";

/** Such a claim has never held data. */
export const hasNoVolume = ({ spec, status }: V1PersistentVolumeClaim): boolean =>
  status?.phase === "Pending" && spec?.volumeName === undefined;

const FIELD_MANAGER = "pgharbor";

export function readClaim(location: PodLocation, name: string): Promise<V1PersistentVolumeClaim | undefined> {
  const { namespace } = location.kubernetes;
  return callApi(location, `read PersistentVolumeClaim ${namespace}/${name}`, ({ core }) =>
    core.readNamespacedPersistentVolumeClaim({ namespace, name }),
  );
}

export async function listClaims(location: PodLocation, labelSelector?: string): Promise<V1PersistentVolumeClaim[]> {
  const { namespace } = location.kubernetes;
  const list = await callApi(location, `list PersistentVolumeClaims in namespace ${namespace}`, ({ core }) =>
    core.listNamespacedPersistentVolumeClaim({ namespace, labelSelector }),
  );
  return list?.items ?? [];
}

/** Creates or updates the claim. Returns `undefined` when the namespace does not exist. */
export function applyClaim(location: PodLocation, claim: WrittenClaim): Promise<V1PersistentVolumeClaim | undefined> {
  const { namespace } = location.kubernetes;
  const { name, labels, annotations, storageClass, size } = claim;
  const body = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace, labels, annotations },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  };
  return callApi(location, `write PersistentVolumeClaim ${namespace}/${name}`, ({ core, library }) =>
    core.patchNamespacedPersistentVolumeClaim(
      { name, namespace, body, fieldManager: FIELD_MANAGER, force: true },
      library.setHeaderOptions("Content-Type", library.PatchStrategy.ServerSideApply),
    ),
  );
}

/** Adds annotations that `applyClaim` does not remove. A claim that does not exist is no error. */
export async function annotateClaim(
  location: PodLocation,
  name: string,
  annotations: Record<string, string>,
): Promise<void> {
  const { namespace } = location.kubernetes;
  await callApi(location, `annotate PersistentVolumeClaim ${namespace}/${name}`, ({ core, library }) =>
    core.patchNamespacedPersistentVolumeClaim(
      { name, namespace, body: { metadata: { annotations } }, fieldManager: "pgharbor-note" },
      library.setHeaderOptions("Content-Type", library.PatchStrategy.MergePatch),
    ),
  );
}
