import type { Json } from "../text/json-value";
import type { ResolvedMember } from "../../model/types";
import { MemberRole } from "../../spec";

/** Tags of a member: ours by its role, then the person's, then what a role cannot be without. */
export function memberTags(member: ResolvedMember): { [key: string]: Json } {
  const own = Object.fromEntries(Object.entries(member.tags).map(([name, value]) => [name, typed(name, value)]));
  const tags: { [key: string]: Json } = {
    // Patroni's default is 1: of equally fresh members this one is elected.
    ...(member.role === MemberRole.Primary ? { failover_priority: 2 } : {}),
    ...own,
    ...(member.electable ? {} : neverPrimary),
    // Patroni does not read it; `pgharbor-patroni wait` does, for such a member need not stream.
    ...(member.role === MemberRole.Delayed ? { delayed: true } : {}),
  };
  // The two contradict each other; Patroni refuses a file with both.
  if (tags.nofailover !== undefined) delete tags.failover_priority;
  return tags;
}

/** A commit must not wait for a member that cannot be promoted: it would be safe nowhere that counts. */
const neverPrimary = { nofailover: true, nosync: true };

/** Tags that Patroni reads as booleans or numbers; the text "false" would be true. */
const booleans = ["clonefrom", "nofailover", "noloadbalance", "nostream", "nosync"];

function typed(name: string, value: string): Json {
  if (booleans.includes(name)) return ["true", "on", "yes", "1"].includes(value.toLowerCase());
  return name.endsWith("_priority") && /^\d{1,9}$/.test(value) ? Number(value) : value;
}
