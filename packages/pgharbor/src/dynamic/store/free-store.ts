import type { V1ConfigMap } from "@kubernetes/client-node";
import { labelKeys, patroniConfigMaps, ExplainedError, type Explanation } from "@pgharbor/core";

import { hasNoVolume, listClaims } from "../../clients/kubernetes/objects/claims";
import type { PodLocation } from "../../clients/kubernetes/connection/client";
import { listConfigMaps } from "../../clients/kubernetes/objects/config-maps";
import { saysInitialized } from "../../clients/kubernetes/objects/leader";
import { ofCluster, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { listPods, nameOf } from "../../clients/kubernetes/objects/pods";

/**
 * That a new cluster can use the names of Patroni's objects. With somebody else's in the way, or with its own of a cluster whose
 * database is lost, members wait for ever and do not say for what.
 */
export async function requireFreeStore(location: PodLocation, cluster: string): Promise<void> {
  const its: string[] = Object.values(patroniConfigMaps(cluster));
  const there = (await listConfigMaps(location)).filter((one) => its.includes(nameOf(one)));
  const foreign = there.filter(({ metadata }) => metadata?.labels?.[labelKeys.cluster] !== cluster);
  if (foreign.length > 0) throw new ExplainedError(foreign.map((one) => inTheWay(location, one)));
  const config = there.find((one) => nameOf(one) === patroniConfigMaps(cluster).config);
  if (config === undefined || !saysInitialized(config)) return;
  if (!(await hasMembers(location, cluster))) throw left(location, cluster, config);
}

/** A member that runs, or data that one left: nothing was ever on a claim without a volume. */
async function hasMembers(location: PodLocation, cluster: string): Promise<boolean> {
  const [pods, claims] = await Promise.all([
    listPods(location, ofMembers(cluster)),
    listClaims(location, ofCluster(cluster)),
  ]);
  return pods.length > 0 || claims.some((claim) => !hasNoVolume(claim));
}

const pathOf = ({ kubernetes }: PodLocation, found: V1ConfigMap): string =>
  `ConfigMap ${kubernetes.namespace}/${nameOf(found)}`;

function inTheWay(location: PodLocation, found: V1ConfigMap): Explanation {
  const problem = "exists, is not of this cluster, and has the name of one in which Patroni keeps its state";
  const fix = "give the cluster another name, or rename the ConfigMap";
  return { path: pathOf(location, found), problem, value: JSON.stringify(nameOf(found)), fix };
}

function left(location: PodLocation, cluster: string, config: V1ConfigMap): ExplainedError {
  const problem = "says that the cluster has its database, and there is no member and no claim that could hold it";
  const remove = `kubectl -n ${location.kubernetes.namespace} delete configmap -l ${ofMembers(cluster)}`;
  const value = config.metadata?.annotations?.initialize ?? "";
  return new ExplainedError({
    path: pathOf(location, config),
    problem,
    value,
    fix: `where that data is given up, run \`${remove}\``,
  });
}
