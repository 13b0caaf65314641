import type { V1ConfigMap } from "@kubernetes/client-node";
import { patroniConfigMaps } from "@pgharbor/core";
import { listConfigMaps } from "./config-maps";
import type { PodLocation } from "../connection/client";
import { membersSelector } from "./member-pod";
import { nameOf } from "./pods";

/** The pod that holds Patroni's leader lock, `undefined` once a leader has stopped and released it. */
export async function leaderOf(location: PodLocation, cluster: string): Promise<string | undefined> {
  const lock = await findPatroniConfigMap(location, cluster, patroniConfigMaps(cluster).leader);
  return lock?.metadata?.annotations?.leader;
}

/** True once a member has initialized the database that all others copy. */
export async function isInitialized(location: PodLocation, cluster: string): Promise<boolean> {
  return (await knownSystem(location, cluster)) !== "";
}
/** The system identifier of that database, "" before it is initialized. */
export async function knownSystem(location: PodLocation, cluster: string): Promise<string> {
  return systemIn(await findPatroniConfigMap(location, cluster, patroniConfigMaps(cluster).config));
}
/** Patroni stores the system identifier in an annotation of the ConfigMap `<scope>-config`. */
const systemIn = (config: V1ConfigMap | undefined): string => config?.metadata?.annotations?.initialize ?? "";
export const hasSystemIdentifier = (config: V1ConfigMap | undefined): boolean => systemIn(config) !== "";

/** Uses a list, because a user needs the right to list ConfigMaps anyway, to delete Patroni's. */
async function findPatroniConfigMap(
  location: PodLocation,
  cluster: string,
  name: string,
): Promise<V1ConfigMap | undefined> {
  return (await listConfigMaps(location, membersSelector(cluster))).find((one) => nameOf(one) === name);
}
