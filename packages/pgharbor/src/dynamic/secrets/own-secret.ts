import { labelKeys } from "@pgharbor/core";
import { ExplainedError } from "@pgharbor/sql";
import type { PodPlace } from "../../clients/kubernetes/connection/client";
import { deleteSecret, readSecretMetadata } from "../../clients/kubernetes/objects/secrets";

/**
 * Two clusters of a namespace can have names that meet, and a person may have given a binding's Secret a name of the cluster's. What a
 * run that was cut off left behind is the cluster's own. A state of before there was that question names no cluster.
 */
async function isAnothers(place: PodPlace, name: string, cluster: string | undefined): Promise<boolean> {
  const found = cluster === undefined ? undefined : await readSecretMetadata(place, name);
  if (found === undefined) return false;
  return found.labels?.[labelKeys.cluster] !== cluster || found.labels?.[labelKeys.role] === "binding";
}

const pathOf = ({ kubernetes }: PodPlace, name: string): string => `Secret ${kubernetes.namespace}/${name}`;

export async function requireOwnSecret(place: PodPlace, name: string, cluster: string | undefined): Promise<void> {
  if (!(await isAnothers(place, name, cluster))) return;
  const problem = "exists, and is not of this cluster, or is that of a binding";
  const fix = "give the cluster, or the service, another name";
  throw new ExplainedError({ path: pathOf(place, name), problem, value: JSON.stringify(name), fix });
}

export async function deleteOwnSecret(place: PodPlace, name: string, cluster: string | undefined): Promise<void> {
  if (await isAnothers(place, name, cluster))
    console.log(`${pathOf(place, name)}: belongs to another cluster by now, and stays`);
  else await deleteSecret(place, name);
}
