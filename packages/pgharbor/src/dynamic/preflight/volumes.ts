import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { listClaims } from "../../clients/kubernetes/objects/claims";
import { nameOf } from "../../clients/kubernetes/objects/pods";
import { listStorageClasses } from "../../clients/kubernetes/capacity/surroundings";
import { type Permitted, unlessForbidden } from "../../clients/kubernetes/connection/unless-forbidden";
import { podLocation } from "../../clients/location";
import type { PreflightInputs } from "./inputs";

/** The StorageClasses, and the claims of the cluster. */
export interface Volumes {
  classes: Permitted<V1StorageClass[]>;
  /** The cluster's claims that exist. */
  live: Permitted<V1PersistentVolumeClaim[]>;
}

export async function readVolumes(inputs: PreflightInputs): Promise<Volumes> {
  const location = podLocation(inputs);
  const [classes, live] = await Promise.all([
    unlessForbidden("StorageClasses", () => listStorageClasses(location)),
    unlessForbidden("PersistentVolumeClaims", async () =>
      (await listClaims(location)).filter((claim) => inputs.claims.some(({ name }) => name === nameOf(claim))),
    ),
  ]);
  return { classes, live };
}

export const isDefault = ({ metadata }: V1StorageClass): boolean =>
  metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";

/** The class of claims without a named class. The newest of several wins. */
export function defaultClass(classes: V1StorageClass[]): string | undefined {
  const createdAt = (one: V1StorageClass) => new Date(one.metadata?.creationTimestamp ?? 0).getTime();
  return classes
    .filter(isDefault)
    .sort((a, b) => createdAt(b) - createdAt(a))
    .map(nameOf)[0];
}
