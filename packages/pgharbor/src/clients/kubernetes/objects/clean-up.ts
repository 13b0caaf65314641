import { ExplainedError } from "@pgharbor/core";
import { setTimeout as sleep } from "node:timers/promises";

import { listClaims, readClaim } from "./claims";
import { callApi, type PodLocation } from "../connection/client";
import { listConfigMaps } from "./config-maps";

const POLL_MS = 300;
const GONE_SECONDS = 60;

/** Deletes the ConfigMaps of a label selector and waits until they are gone. @returns how many there were */
export function deleteConfigMaps(location: PodLocation, labelSelector: string): Promise<number> {
  const { namespace } = location.kubernetes;
  return deleteAll(
    `ConfigMaps ${labelSelector} in namespace ${namespace}`,
    async () => (await listConfigMaps(location, labelSelector)).length,
    () =>
      callApi(location, `delete ConfigMaps in namespace ${namespace}`, ({ core }) =>
        core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector }),
      ),
  );
}

/** The same for PersistentVolumeClaims, with the data on them. */
export function deleteClaims(location: PodLocation, labelSelector: string): Promise<number> {
  const { namespace } = location.kubernetes;
  return deleteAll(
    `PersistentVolumeClaims ${labelSelector} in namespace ${namespace}`,
    async () => (await listClaims(location, labelSelector)).length,
    () =>
      callApi(location, `delete PersistentVolumeClaims in namespace ${namespace}`, ({ core }) =>
        core.deleteCollectionNamespacedPersistentVolumeClaim({ namespace, labelSelector }),
      ),
  );
}

/** Deletes one claim by name. A claim that is gone is no error. */
export async function deleteClaim(location: PodLocation, name: string): Promise<void> {
  const { namespace } = location.kubernetes;
  await deleteAll(
    `PersistentVolumeClaim ${namespace}/${name}`,
    async () => ((await readClaim(location, name)) === undefined ? 0 : 1),
    () =>
      callApi(location, `delete PersistentVolumeClaim ${namespace}/${name}`, ({ core }) =>
        core.deleteNamespacedPersistentVolumeClaim({ namespace, name }),
      ),
  );
}

/** Deletes `what` and waits until nothing of it is left. @returns how many there were */
export async function deleteAll(
  what: string,
  count: () => Promise<number>,
  remove: () => Promise<unknown>,
  seconds = GONE_SECONDS,
): Promise<number> {
  const deadline = Date.now() + seconds * 1000;
  const first = await count();
  for (let left = first; left > 0; left = await count()) {
    if (Date.now() > deadline) {
      const fix = "see what holds it: a finalizer, or a pod that does not end";
      const problem = `not gone ${seconds} s after the deletion`;
      throw new ExplainedError({ path: what, problem, value: `${left} left`, fix });
    }
    // Each round deletes again, because a program that still runs may have created one again.
    await remove();
    await sleep(POLL_MS);
  }
  return first;
}
