import { memberNames, names, NAMESPACE_VARIABLE } from "../names";
import { MemberRole, type ClusterSpec } from "../spec";
import type { PlannedMember } from "./types";

export const LOCAL_HOST = "local";
export const DEFAULT_CLUSTER_DOMAIN = "cluster.local";

/** The members, by name. Their names never depend on their number, so that one more touches no other. */
export function planMembers(cluster: string, spec: ClusterSpec): PlannedMember[] {
  const onKubernetes = spec.docker === undefined;
  const domain = spec.kubernetes?.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN;
  return memberNames(spec.members ?? 3).map((name) => {
    const pod = names.memberPod(cluster, name);
    // By the pods' search list; the namespace may be the provider's, which no plan knows.
    const podHost = `${pod}.${names.members(cluster)}`;
    const wholly = (host: string) => `${host}.\${${NAMESPACE_VARIABLE}}.svc.${domain}`;
    const settings = spec.memberSettings?.[name] ?? {};
    const role = settings.role ?? MemberRole.Replica;
    return {
      name,
      role,
      electable: role === MemberRole.Primary || role === MemberRole.Replica,
      offlineQuery: settings.offlineQuery ?? false,
      applyDelay: settings.applyDelay,
      host: settings.host ?? LOCAL_HOST,
      hostname: onKubernetes ? podHost : names.member(cluster, name),
      address: onKubernetes ? wholly(names.member(cluster, name)) : names.member(cluster, name),
      otherAddress: onKubernetes ? wholly(podHost) : names.member(cluster, name),
      // On Kubernetes it keeps its state at the pod of this name.
      patroniName: onKubernetes ? pod : name,
      tags: settings.tags ?? {},
    };
  });
}
