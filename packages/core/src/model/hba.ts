import { HbaAuth, type HbaRuleSpec } from "../spec";

/** A rule with the program that checks it. */
export interface AssignedRule {
  rule: HbaRuleSpec;
  /** Position in the specification. */
  index: number;
  /** `gateways` see the client's address; PostgreSQL sees HAProxy's. */
  by: "gateways" | "postgres";
}

/** Addresses of `intra`. */
export const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

export const addressesOf = (addr: string): string[] => (addr === "intra" ? privateNetworks : [addr]);

const isEveryone = ({ user, db, addr, role }: HbaRuleSpec): boolean =>
  user === "all" && db === "all" && addr === "world" && role === undefined;
export const letsIn = ({ auth }: HbaRuleSpec): boolean => auth !== HbaAuth.Deny;

/** PostgreSQL checks certificates, whatever service leads to it. */
const byAddressOrService = ({ addr, services, auth }: HbaRuleSpec): boolean =>
  addr !== "world" || (services !== undefined && auth !== HbaAuth.Certificate);

/** All rules in the order in which they decide. */
export function assignRules(rules: readonly HbaRuleSpec[]): AssignedRule[] {
  const sorted = rules
    .map((rule, index) => ({ rule, index }))
    .sort((a, b) => (a.rule.order ?? 500) - (b.rule.order ?? 500) || a.index - b.index);
  return sorted.map(({ rule, index }, at): AssignedRule => {
    // After allow rules of PostgreSQL, only PostgreSQL knows the clients left to refuse.
    const before = sorted.slice(0, at).some((one) => letsIn(one.rule) && !byAddressOrService(one.rule));
    const refusesTheRest = isEveryone(rule) && !letsIn(rule) && !before;
    return { rule, index, by: byAddressOrService(rule) || refusesTheRest ? "gateways" : "postgres" };
  });
}

export const appliesAt = ({ services }: HbaRuleSpec, service: string): boolean => services?.includes(service) ?? true;

/** PgBouncer knows neither the member behind it nor the members of a role. */
const beyondPooler = ({ role, user }: HbaRuleSpec): boolean => role !== undefined || user.startsWith("+");

/**
 * Rules for the pooler of a service: all of the gateways', and those of PostgreSQL's that it can decide, so that it refuses at once a
 * client that PostgreSQL would refuse. Here a certificate rule refuses.
 */
export function poolerRules(rules: readonly HbaRuleSpec[], service: string): HbaRuleSpec[] {
  const placed = assignRules(rules);
  const unknown = placed.findIndex(({ rule, by }) => by === "postgres" && beyondPooler(rule));
  const known = unknown === -1 ? placed.length : unknown;
  return placed
    .filter(({ rule, by }, at) => (by === "gateways" ? appliesAt(rule, service) : at < known))
    .map(({ rule }) => (rule.auth === HbaAuth.Certificate ? { ...rule, auth: HbaAuth.Deny } : rule));
}

/** Rules for HAProxy at a direct service. */
export const directRules = (rules: readonly HbaRuleSpec[], service: string): HbaRuleSpec[] =>
  assignRules(rules)
    .filter(({ rule, by }) => by === "gateways" && appliesAt(rule, service))
    .map(({ rule }) => rule);

export const postgresRules = (rules: readonly HbaRuleSpec[]): HbaRuleSpec[] =>
  assignRules(rules)
    .filter(({ by }) => by === "postgres")
    .map(({ rule }) => rule);

export const hbaTitle = ({ title, user, db, addr }: HbaRuleSpec): string =>
  (title ?? `${db} for ${user} from ${addr}`).replace(/[\p{C}\p{Z}]+/gu, " ").trim();
