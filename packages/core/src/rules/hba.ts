import { systemUsers } from "../names";
import { HbaAuth, type ClusterSpec, type HbaRuleSpec } from "../spec";
import { cidrProblem } from "./cidr";
import { hasControl, LONGEST_NAME } from "./patterns";
import { problemsOf, show, under, type Problem } from "./problem";
import type { Read } from "./read";

const aliases = ["local", "localhost", "cluster", "intra", "world"];
const ADDRESS = `must be one of ${aliases.join(", ")}, or a CIDR such as 10.0.0.0/8`;
const user = /^\+?[A-Za-z_][A-Za-z0-9_$-]*$/;
const database = /^[A-Za-z_][A-Za-z0-9_$-]*$/;
const USER = "must be one name, all, or +role, with letters, digits and _$-; write a rule for each of several";
const DATABASE = "must be one name, all or replication, with letters, digits and _$-; write a rule for each of several";

export const checkHba = (spec: Read<ClusterSpec>): Problem[] =>
  (spec.hba ?? []).flatMap((rule, i) => (rule === undefined ? [] : checkRule(under("hba", i), rule)));

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
        message: `is the cluster's own user, got ${show(who)}; its rules are made for it`,
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

function checkAddress(at: string, rule: Read<HbaRuleSpec>): Problem[] {
  const { addr } = rule;
  if (addr === undefined) return [];
  const auth = rule.auth ?? HbaAuth.Ssl;
  const open = addr === "world" || isEverywhere(addr);
  const cidr = aliases.includes(addr) ? undefined : cidrProblem(addr, ADDRESS);
  return problemsOf([
    { when: cidr !== undefined, path: `${at}.addr`, message: cidr ?? "" },
    {
      when: open && auth === HbaAuth.Password,
      path: `${at}.auth`,
      message: `"pwd" would let data from ${show(addr)} travel without TLS; use "ssl" or "cert"`,
    },
    {
      when: addr === "local" && (auth === HbaAuth.Ssl || auth === HbaAuth.Certificate),
      path: `${at}.auth`,
      message: `"local" is a Unix socket, which has no TLS, got ${show(auth)}${rule.auth === undefined ? " by default" : ""}; use "pwd" or "deny"`,
    },
  ]);
}

/** Every address of a family: the same as `world`. */
const isEverywhere = (addr: string): boolean => /^[^/]+\/0$/.test(addr);
