import { systemUsers } from "../../names";
import type { ClusterModel } from "../../model/types";
import { HbaAuth, type ClusterSpec, type HbaRuleSpec } from "../../spec";
import { cidrProblem, networkOf } from "../shared/cidr";
import { checkHbaOrder } from "./hba-order";
import { hasControl, LONGEST_NAME } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";

const aliases = ["world", "intra"];
const ADDRESS = 'must be "world", "intra" or a CIDR such as 10.0.0.0/8';
const user = /^\+?[A-Za-z_][A-Za-z0-9_$-]*$/;
const database = /^[A-Za-z_][A-Za-z0-9_$-]*$/;
const USER = "must be one name, all, or +role, with letters, digits and _$-; write a rule for each of several";
const DATABASE = "must be one name, all or replication, with letters, digits and _$-; write a rule for each of several";

/** Names of the cluster's services, by type. */
interface HbaServices {
  pooled: string[];
  direct: string[];
}

export function checkHba(spec: Read<ClusterSpec>, model: ClusterModel): Problem[] {
  const known: HbaServices = {
    pooled: model.services.filter(({ pool }) => pool !== undefined).map(({ name }) => name),
    direct: model.services.filter(({ pool }) => pool === undefined).map(({ name }) => name),
  };
  const rules = spec.hba ?? [];
  const problems = rules.flatMap((rule, i) => {
    if (rule === undefined) return [];
    const wrong = checkRule(under("hba", i), rule);
    return wrong.length > 0 ? wrong : checkVisibility(under("hba", i), rule, known);
  });
  // The order is only checked if all rules are valid.
  const areWhole = model.hba.length === rules.length;
  return problems.length > 0 || !areWhole ? problems : checkHbaOrder(model.hba);
}

function checkRule(at: string, rule: Read<HbaRuleSpec>): Problem[] {
  const { title, user: who, db } = rule;
  return [
    ...problemsOf([
      {
        when: title !== undefined && (hasControl(title) || title.length > 200),
        path: `${at}.title`,
        message: `must be one line of at most 200 characters, got ${show(title)}`,
      },
      {
        when: who !== undefined && !(user.test(who) && who.replace("+", "").length <= LONGEST_NAME),
        path: `${at}.user`,
        message: `${USER}, got ${show(who)}`,
      },
      {
        when: who !== undefined && isSystemUser(who),
        path: `${at}.user`,
        message: `is a user of the cluster itself, got ${show(who)}; pgharbor creates its rules; remove this one`,
      },
      {
        when: db !== undefined && !(database.test(db) && db.length <= LONGEST_NAME),
        path: `${at}.db`,
        message: `${DATABASE}, got ${show(db)}`,
      },
    ]),
    ...checkAddress(at, rule),
  ];
}

const isSystemUser = (name: string): boolean =>
  name === systemUsers.superuser || name.replace("+", "").startsWith("pgharbor_");

/** Addresses that no gateway can see, with the reason. */
const unseen: Record<string, string> = {
  local: "is a Unix socket of a member, to which no service connects; remove the rule",
  localhost:
    "is a member's loopback, from which no client connects; write the CIDR that a gateway sees, which for the Docker host is the gateway of the network",
  cluster: "is unknown to gateways, because the network is created later; write the CIDR of the network, or of pods",
};

function checkAddress(at: string, { addr }: Read<HbaRuleSpec>): Problem[] {
  if (addr === undefined || aliases.includes(addr)) return [];
  const path = `${at}.addr`;
  if (Object.hasOwn(unseen, addr)) return [{ path, message: `${show(addr)} ${unseen[addr]}` }];
  const wrong = cidrProblem(addr, ADDRESS);
  if (wrong !== undefined) return [{ path, message: wrong }];
  if (addr.endsWith("/0"))
    return [{ path, message: `is every address of one family, got ${show(addr)}; write "world"` }];
  const network = networkOf(addr);
  if (network === undefined) return [];
  return [{ path, message: `has bits beyond the prefix, got ${show(addr)}; write "${network}"` }];
}

/** Checks that the program which checks a rule can see the rule's fields. */
function checkVisibility(at: string, rule: Read<HbaRuleSpec>, { pooled, direct }: HbaServices): Problem[] {
  const { user = "all", db = "all", addr = "world", auth, role, services } = rule;
  const where = (services ?? [...pooled, ...direct]).filter((name) => name !== undefined);
  const certificate = auth === HbaAuth.Certificate;
  const byGateways = addr !== "world" || (services !== undefined && !certificate);
  const why = addr === "world" ? `services` : `addr ${show(addr)}`;
  const someone = user !== "all" || db !== "all";
  const atDirect = where.filter((name) => direct.includes(name));
  const elsewhere = `or write services: ${list(pooled)} and let a rule for all say who comes to ${atDirect.join(" and ")}`;
  return problemsOf([
    ...where.map((name) => ({
      when: ![...pooled, ...direct].includes(name),
      path: `${at}.services`,
      message: `${show(name)} is not a service of the cluster; it has ${[...pooled, ...direct].join(", ")}`,
    })),
    {
      when: services?.length === 0,
      path: `${at}.services`,
      message: "is empty: the rule would apply nowhere; leave it out for every service",
    },
    {
      when: byGateways && someone && atDirect.length > 0 && !certificate,
      path: `${at}.${addr === "world" ? "services" : "addr"}`,
      message: `cannot be checked for ${user} and ${db} at ${atDirect.join(" and ")}: HAProxy sees addresses but neither user nor database; use all for both, ${elsewhere}`,
    },
    {
      when: byGateways && user.startsWith("+"),
      path: `${at}.user`,
      message: `PgBouncer does not know who is a member of a role, got ${show(user)} with ${why}; write a rule for each user, or addr "world" without services`,
    },
    {
      when: byGateways && role !== undefined,
      path: `${at}.role`,
      message: `a gateway does not know which member it leads to, got ${show(role)} with ${why}; use addr "world" without services, or the selector of a service`,
    },
    {
      when: certificate && addr !== "world",
      path: `${at}.auth`,
      message: `PostgreSQL asks for certificates and sees only HAProxy's address, got addr ${show(addr)}; use addr "world"`,
    },
    {
      when: certificate && !(same(where, direct) && direct.length > 0),
      path: `${at}.auth`,
      message:
        direct.length === 0
          ? 'a pooler cannot pass a certificate on, and every service has one; use "ssl"'
          : `a pooler cannot pass a certificate on; write services: ${list(direct)}, all that are direct, and poolers refuse the same user, or use "ssl"`,
    },
  ]);
}

const list = (names: string[]): string => `[${names.map((name) => show(name)).join(", ")}]`;
const same = (a: string[], b: string[]): boolean => [...new Set(a)].sort().join() === [...b].sort().join();
