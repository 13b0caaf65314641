import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { listClaims } from "../../clients/kubernetes/objects/claims";
import { nameOf } from "../../clients/kubernetes/objects/pods";
import { listStorageClasses } from "../../clients/kubernetes/capacity/surroundings";
import { seen, type Seen } from "../../clients/kubernetes/connection/seen";
import { podLocation } from "../../clients/location";
import type { PreflightInputs } from "./inputs";

/** What there is for members' volumes. */
export interface Volumes {
  classes: Seen<V1StorageClass[]>;
  /** Of the members' claims, those that are there. */
  live: Seen<V1PersistentVolumeClaim[]>;
}

export async function lookAtVolumes(inputs: PreflightInputs): Promise<Volumes> {
  const location = podLocation(inputs);
  const [classes, live] = await Promise.all([
    seen("StorageClasses", () => listStorageClasses(location)),
    seen("PersistentVolumeClaims", async () =>
      (await listClaims(location)).filter((claim) => inputs.claims.includes(nameOf(claim))),
    ),
  ]);
  return { classes, live };
}

export const isDefault = ({ metadata }: V1StorageClass): boolean =>
  metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";

/** The class that claims without one get, of several the newest. */
export function defaultClass(classes: V1StorageClass[]): string | undefined {
  const made = (one: V1StorageClass) => new Date(one.metadata?.creationTimestamp ?? 0).getTime();
  return classes
    .filter(isDefault)
    .sort((a, b) => made(b) - made(a))
    .map(nameOf)[0];
}
