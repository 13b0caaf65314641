import { labelKeys, ExplainedError } from "@pgharbor/core";

import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { deleteSecret, readSecretMetadata } from "../../clients/kubernetes/objects/secrets";

/**
 * Names of two clusters in a namespace can collide, and a user may have given a binding's Secret a name of the cluster's. A Secret that
 * a killed run left is the cluster's own. States of earlier versions name no cluster.
 */
async function isForeign(location: PodLocation, name: string, cluster: string | undefined): Promise<boolean> {
  const found = cluster === undefined ? undefined : await readSecretMetadata(location, name);
  if (found === undefined) return false;
  return found.labels?.[labelKeys.cluster] !== cluster || found.labels?.[labelKeys.role] === "binding";
}

const pathOf = ({ kubernetes }: PodLocation, name: string): string => `Secret ${kubernetes.namespace}/${name}`;

export async function assertOwnSecret(location: PodLocation, name: string, cluster: string | undefined): Promise<void> {
  if (!(await isForeign(location, name, cluster))) return;
  const problem = "exists, and does not belong to this cluster, or belongs to a binding";
  const fix = "give the cluster, or the service, another name";
  throw new ExplainedError({ path: pathOf(location, name), problem, value: JSON.stringify(name), fix });
}

export async function deleteOwnSecret(location: PodLocation, name: string, cluster: string | undefined): Promise<void> {
  if (await isForeign(location, name, cluster))
    console.log(`${pathOf(location, name)}: now belongs to another cluster, and is kept`);
  else await deleteSecret(location, name);
}
