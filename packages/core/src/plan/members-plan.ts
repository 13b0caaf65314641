import { memberNames, names } from "../names";
import { MemberRole, type ClusterSpec } from "../spec";
import type { PlannedMember } from "./types";

export const LOCAL_HOST = "local";

/** The members, by name. Their names never depend on their number, so that one more touches no other. */
export function planMembers(cluster: string, spec: ClusterSpec): PlannedMember[] {
  return memberNames(spec.members ?? 3).map((name) => {
    const settings = spec.memberSettings?.[name] ?? {};
    const role = settings.role ?? MemberRole.Replica;
    return {
      name,
      role,
      electable: role === MemberRole.Primary || role === MemberRole.Replica,
      offlineQuery: settings.offlineQuery ?? false,
      applyDelay: settings.applyDelay,
      host: settings.host ?? LOCAL_HOST,
      hostname: names.member(cluster, name),
      tags: settings.tags ?? {},
    };
  });
}
