import { letsIn, assignRules, type AssignedRule } from "../../model/hba";
import { HbaAuth, type HbaRuleSpec } from "../../spec";
import { under, type Problem } from "../../errors";

/** Gateways check their rules before PostgreSQL checks the others. Refuses orders in which the result differs from first-match. */
export function checkHbaOrder(rules: readonly HbaRuleSpec[]): Problem[] {
  const assigned = assignRules(rules);
  return assigned.flatMap((later, at): Problem[] => {
    const path = under("hba", later.index);
    const earlier = assigned.slice(0, at).filter((one) => one.by !== later.by && overlap(one.rule, later.rule));
    const found = earlier.find((one) => letsIn(one.rule) && refusesSome(later));
    if (found === undefined) return [];
    const first = under("hba", found.index);
    return [{ path, message: later.by === "postgres" ? messageForPostgresRule(first) : messageForGatewayRule(first) }];
  });
}

const refusesSome = ({ rule, by }: AssignedRule): boolean =>
  !letsIn(rule) || (by === "postgres" && rule.auth === HbaAuth.Certificate);

const messageForPostgresRule = (first: string): string =>
  `comes after ${first}, which allows some clients that this rule refuses: PostgreSQL checks this rule, sees neither addresses nor services, and would refuse them anyway; put it before ${first} with order, or give both the same services or addresses`;

const messageForGatewayRule = (first: string): string =>
  `comes after ${first}, which allows some clients that this rule refuses: gateways check this rule before PostgreSQL checks ${first}; put it before ${first} by order, or give ${first} services or an address, too`;

const overlap = (a: HbaRuleSpec, b: HbaRuleSpec): boolean => mayOverlap(a.user, b.user) && mayOverlap(a.db, b.db);

/** A role may have any user as a member. */
const mayOverlap = (a: string, b: string): boolean =>
  a === b || [a, b].some((name) => name === "all" || name.startsWith("+"));
