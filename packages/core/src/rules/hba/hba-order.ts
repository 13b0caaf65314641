import { letsIn, placedRules, type PlacedRule } from "../../model/hba";
import { HbaAuth, type HbaRuleSpec } from "../../spec";
import { under, type Problem } from "../../errors";

/** Gateways check their rules before PostgreSQL checks the others. Refuses orders in which the result differs from first-match. */
export function checkHbaOrder(rules: readonly HbaRuleSpec[]): Problem[] {
  const placed = placedRules(rules);
  return placed.flatMap((later, at): Problem[] => {
    const path = under("hba", later.index);
    const earlier = placed.slice(0, at).filter((one) => one.by !== later.by && overlap(one.rule, later.rule));
    const found = earlier.find((one) => letsIn(one.rule) && refusesSome(later));
    if (found === undefined) return [];
    const first = under("hba", found.index);
    return [{ path, message: later.by === "postgres" ? messageForPostgresRule(first) : messageForGatewayRule(first) }];
  });
}

const refusesSome = ({ rule, by }: PlacedRule): boolean =>
  !letsIn(rule) || (by === "postgres" && rule.auth === HbaAuth.Certificate);

const messageForPostgresRule = (first: string): string =>
  `comes after ${first}, which lets in by address or service some that this one refuses: PostgreSQL, which checks it, sees neither, and would refuse them all the same; put it before ${first} by order, or give both the same services or addresses`;

const messageForGatewayRule = (first: string): string =>
  `comes after ${first}, which lets in some that this one refuses: gateways, which check it, do so before PostgreSQL has looked at ${first}; put it before ${first} by order, or give ${first} services or an address, too`;

const overlap = (a: HbaRuleSpec, b: HbaRuleSpec): boolean => meet(a.user, b.user) && meet(a.db, b.db);

/** A role may have any user as a member. */
const meet = (a: string, b: string): boolean =>
  a === b || [a, b].some((name) => name === "all" || name.startsWith("+"));
