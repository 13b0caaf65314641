import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { callApi, type PodLocation } from "../connection/client";

/** A PersistentVolumeClaim as pgharbor writes it. */
export interface WrittenClaim {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** @default the cluster's default StorageClass */
  storageClass?: string;
  /** Bytes, as Kubernetes writes them: `8Gi`. */
  size: string;
}

/** What it asks for, which its volume may have more of. */
export const requested = ({ spec }: V1PersistentVolumeClaim): string => spec?.resources?.requests?.storage ?? "0";

/** Nothing was ever on it. */
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

/** Makes the claim, or makes it what is given; nothing when there is no such namespace. */
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

/** Adds annotations that no `applyClaim` takes away; a claim that is not there is no error. */
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
