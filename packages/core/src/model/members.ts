import { memberNames, names, NAMESPACE_VARIABLE } from "../names";
import type { Read } from "../read/read";
import { MemberRole, type ClusterSpec } from "../spec";
import { platformIn } from "./platform";
import type { ResolvedMember } from "./types";

export const LOCAL_HOST = "local";
export const DEFAULT_CLUSTER_DOMAIN = "cluster.local";

/** The members, by name. Names do not depend on the number of members, so that a new one does not touch the others. */
export function resolveMembers(cluster: string, spec: Read<ClusterSpec>): ResolvedMember[] {
  const onKubernetes = platformIn(spec) === "kubernetes";
  const domain = spec.kubernetes?.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN;
  // No plan knows the provider's namespace.
  const qualified = (host: string) => `${host}.\${${NAMESPACE_VARIABLE}}.svc.${domain}`;
  return memberNames(spec.members ?? 3).map((name) => {
    const pod = names.memberPod(cluster, name);
    const host = names.member(cluster, name);
    const settings = spec.memberSettings?.[name] ?? {};
    const role = settings.role ?? MemberRole.Replica;
    return {
      name,
      role,
      electable: role === MemberRole.Primary || role === MemberRole.Replica,
      offlineQuery: settings.offlineQuery ?? false,
      applyDelay: settings.applyDelay,
      host: settings.host ?? LOCAL_HOST,
      hostname: host,
      address: onKubernetes ? qualified(host) : host,
      otherAddress: onKubernetes ? qualified(`${pod}.${names.members(cluster)}`) : host,
      // On Kubernetes Patroni keeps a member's state on the pod of this name.
      patroniName: onKubernetes ? pod : name,
      tags: settings.tags ?? {},
    };
  });
}
