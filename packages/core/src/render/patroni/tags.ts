import type { Json } from "../text/json-value";
import type { ResolvedMember } from "../../model/types";
import { MemberRole } from "../../spec";

/** Tags of a member: the defaults of its role, then custom ones, then those that its role requires. */
export function memberTags(member: ResolvedMember): { [key: string]: Json } {
  const own = Object.fromEntries(Object.entries(member.tags).map(([name, value]) => [name, typed(name, value)]));
  const tags: { [key: string]: Json } = {
    // Patroni's default is 1: among equally fresh members this one is elected.
    ...(member.role === MemberRole.Primary ? { failover_priority: 2 } : {}),
    ...own,
    ...(member.electable ? {} : neverPrimary),
    // Patroni does not use it; `pgharbor-patroni wait` does, because such a member need not stream.
    ...(member.role === MemberRole.Delayed ? { delayed: true } : {}),
  };
  // Patroni refuses a file with both.
  if (tags.nofailover !== undefined) delete tags.failover_priority;
  return tags;
}

/** A commit must not wait for a member that cannot be promoted, because such a copy does not help in a failover. */
const neverPrimary = { nofailover: true, nosync: true };

/** Tags that Patroni reads as booleans; the text "false" would be true. */
const booleans = ["clonefrom", "nofailover", "noloadbalance", "nostream", "nosync"];

function typed(name: string, value: string): Json {
  if (booleans.includes(name)) return ["true", "on", "yes", "1"].includes(value.toLowerCase());
  return name.endsWith("_priority") && /^\d{1,9}$/.test(value) ? Number(value) : value;
}
