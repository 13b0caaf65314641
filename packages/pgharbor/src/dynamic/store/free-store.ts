import type { V1ConfigMap } from "@kubernetes/client-node";
import { labelKeys, patroniConfigMaps } from "@pgharbor/core";
import { ExplainedError, type Problem } from "@pgharbor/sql";
import { hasNoVolume, listClaims } from "../../clients/kubernetes/objects/claims";
import type { PodPlace } from "../../clients/kubernetes/connection/client";
import { listConfigMaps } from "../../clients/kubernetes/objects/config-maps";
import { saysInitialized } from "../../clients/kubernetes/objects/leader";
import { ofCluster, ofMembers } from "../../clients/kubernetes/objects/member-pod";
import { listPods, nameOf } from "../../clients/kubernetes/objects/pods";

/**
 * That a new cluster can use the names of Patroni's objects. With somebody else's in the way, or with its own of a cluster whose
 * database is lost, members wait for ever and do not say for what.
 */
export async function requireFreeStore(place: PodPlace, cluster: string): Promise<void> {
  const its: string[] = Object.values(patroniConfigMaps(cluster));
  const there = (await listConfigMaps(place)).filter((one) => its.includes(nameOf(one)));
  const foreign = there.filter(({ metadata }) => metadata?.labels?.[labelKeys.cluster] !== cluster);
  if (foreign.length > 0) throw new ExplainedError(foreign.map((one) => inTheWay(place, one)));
  const config = there.find((one) => nameOf(one) === patroniConfigMaps(cluster).config);
  if (config === undefined || !saysInitialized(config)) return;
  if (!(await hasMembers(place, cluster))) throw left(place, cluster, config);
}

/** A member that runs, or data that one left: nothing was ever on a claim without a volume. */
async function hasMembers(place: PodPlace, cluster: string): Promise<boolean> {
  const [pods, claims] = await Promise.all([
    listPods(place, ofMembers(cluster)),
    listClaims(place, ofCluster(cluster)),
  ]);
  return pods.length > 0 || claims.some((claim) => !hasNoVolume(claim));
}

const pathOf = ({ kubernetes }: PodPlace, found: V1ConfigMap): string =>
  `ConfigMap ${kubernetes.namespace}/${nameOf(found)}`;

function inTheWay(place: PodPlace, found: V1ConfigMap): Problem {
  const problem = "exists, is not of this cluster, and has the name of one in which Patroni keeps its state";
  const fix = "give the cluster another name, or rename the ConfigMap";
  return { path: pathOf(place, found), problem, value: JSON.stringify(nameOf(found)), fix };
}

function left(place: PodPlace, cluster: string, config: V1ConfigMap): ExplainedError {
  const problem = "says that the cluster has its database, and there is no member and no claim that could hold it";
  const remove = `kubectl -n ${place.kubernetes.namespace} delete configmap -l ${ofMembers(cluster)}`;
  const value = config.metadata?.annotations?.initialize ?? "";
  return new ExplainedError({
    path: pathOf(place, config),
    problem,
    value,
    fix: `where that data is given up, run \`${remove}\``,
  });
}
