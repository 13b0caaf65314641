import type { V1ConfigMap } from "@kubernetes/client-node";
import { patroniConfigMaps } from "@pgharbor/core";
import { listConfigMaps } from "./config-maps";
import type { PodLocation } from "../connection/client";
import { ofMembers } from "./member-pod";
import { nameOf } from "./pods";

/** The pod that Patroni's lock names; none once a leader has stopped and given it back. */
export async function leaderOf(location: PodLocation, cluster: string): Promise<string | undefined> {
  const lock = await patronisOwn(location, cluster, patroniConfigMaps(cluster).leader);
  return lock?.metadata?.annotations?.leader;
}

/** Whether a member has made the database that all others copy. */
export async function isInitialized(location: PodLocation, cluster: string): Promise<boolean> {
  return (await knownSystem(location, cluster)) !== "";
}
/** The system identifier of that database; "" before there is one. */
export async function knownSystem(location: PodLocation, cluster: string): Promise<string> {
  return systemIn(await patronisOwn(location, cluster, patroniConfigMaps(cluster).config));
}
/** Patroni notes it in its `config`. */
const systemIn = (config: V1ConfigMap | undefined): string => config?.metadata?.annotations?.initialize ?? "";
export const saysInitialized = (config: V1ConfigMap | undefined): boolean => systemIn(config) !== "";

/** Found by a list, which whoever runs a program may have anyway, to take Patroni's objects away. */
async function patronisOwn(location: PodLocation, cluster: string, name: string): Promise<V1ConfigMap | undefined> {
  return (await listConfigMaps(location, ofMembers(cluster))).find((one) => nameOf(one) === name);
}
