import type { V1ConfigMap } from "@kubernetes/client-node";
import { labelKeys, patroniConfigMaps, ExplainedError, type Explanation } from "@pgharbor/core";

import { hasNoVolume, listClaims } from "../../clients/kubernetes/objects/claims";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { listConfigMaps } from "../../clients/kubernetes/objects/config-maps";
import { hasSystemIdentifier } from "../../clients/kubernetes/objects/leader";
import { clusterSelector, membersSelector } from "../../clients/kubernetes/objects/member-pod";
import { listPods, nameOf } from "../../clients/kubernetes/objects/pods";

/**
 * Throws where a new cluster cannot use the names of Patroni's objects. With objects of another owner, or of a lost database of the
 * same cluster, members would wait forever without a message.
 */
export async function assertStoreFree(location: PodLocation, cluster: string): Promise<void> {
  const storeNames: string[] = Object.values(patroniConfigMaps(cluster));
  const found = (await listConfigMaps(location)).filter((one) => storeNames.includes(nameOf(one)));
  const foreign = found.filter(({ metadata }) => metadata?.labels?.[labelKeys.cluster] !== cluster);
  if (foreign.length > 0) throw new ExplainedError(foreign.map((one) => foreignObject(location, one)));
  const config = found.find((one) => nameOf(one) === patroniConfigMaps(cluster).config);
  if (config === undefined || !hasSystemIdentifier(config)) return;
  if (!(await hasMembers(location, cluster))) throw leftoverState(location, cluster, config);
}

/** True for a member's pod or data. A claim without a volume has never held data. */
async function hasMembers(location: PodLocation, cluster: string): Promise<boolean> {
  const [pods, claims] = await Promise.all([
    listPods(location, membersSelector(cluster)),
    listClaims(location, clusterSelector(cluster)),
  ]);
  return pods.length > 0 || claims.some((claim) => !hasNoVolume(claim));
}

const pathOf = ({ kubernetes }: PodLocation, found: V1ConfigMap): string =>
  `ConfigMap ${kubernetes.namespace}/${nameOf(found)}`;

function foreignObject(location: PodLocation, found: V1ConfigMap): Explanation {
  const problem = "exists, belongs to another owner, and has the name of a ConfigMap of Patroni";
  const fix = "give the cluster another name, or rename the ConfigMap";
  return { path: pathOf(location, found), problem, value: JSON.stringify(nameOf(found)), fix };
}

function leftoverState(location: PodLocation, cluster: string, config: V1ConfigMap): ExplainedError {
  const problem = "says that the cluster has a database, but there is no member and no claim with it";
  const remove = `kubectl -n ${location.kubernetes.namespace} delete configmap -l ${membersSelector(cluster)}`;
  const value = config.metadata?.annotations?.initialize ?? "";
  return new ExplainedError({
    path: pathOf(location, config),
    problem,
    value,
    fix: `to give up that data, run \`${remove}\``,
  });
}
