import * as fc from "fast-check";
import { directRules, poolerRules, postgresRules } from "../../model/hba";
import { isPooled } from "../../model/service-meaning";
import { defaultServices } from "../../model/asked-services";
import { resolveSpec } from "../../model/resolve-spec";
import type { HbaRuleSpec, MemberRole } from "../../spec";
import { networkOf } from "../shared/cidr";
import { checkHba } from "./hba";

interface Client {
  user: string;
  roles: string[];
  db: string;
  addr: string;
  service: string;
  /** Of the member that the connection reaches. */
  role: MemberRole;
}

const model = resolveSpec("c", {});
const problemsOf = (hba: HbaRuleSpec[]) => checkHba({ hba }, { ...model, hba });

/** What each address of `clients` is within. */
const within = (addr: string, rule: string): boolean => nets[addr].includes(rule);
const nets: Record<string, string[]> = {
  "203.0.113.7": ["203.0.113.0/24"],
  "10.1.2.3": ["10.1.0.0/16", "intra"],
  "10.2.0.1": ["intra"],
  "198.51.100.1": [],
};

const isFor = ({ user, db }: HbaRuleSpec, client: Client): boolean =>
  (user === "all" || user === client.user || client.roles.includes(user.slice(1))) &&
  (db === "all" || db === client.db);
const isFrom = ({ addr }: HbaRuleSpec, client: Client): boolean => addr === "world" || within(client.addr, addr);
const pooled = (name: string): boolean => defaultServices.some((s) => s.name === name && isPooled(s));

/** "The first rule that matches decides", as the documentation has it. */
function asWritten(rules: HbaRuleSpec[], client: Client): boolean {
  const sorted = rules
    .map((rule, i) => ({ rule, i }))
    .sort((a, b) => (a.rule.order ?? 500) - (b.rule.order ?? 500) || a.i - b.i);
  const first = sorted.find(
    ({ rule }) =>
      isFor(rule, client) &&
      isFrom(rule, client) &&
      (rule.role ?? client.role) === client.role &&
      (rule.auth === "cert" || (rule.services?.includes(client.service) ?? true)),
  )?.rule;
  // Whoever must show a certificate has one, and no pooler passes it on.
  return first?.auth === "cert" ? !pooled(client.service) : first?.auth !== "deny";
}

/** The gateway's rules first, and then PostgreSQL's, each with what it can see. */
function asChecked(rules: HbaRuleSpec[], client: Client): boolean {
  const seen: Client = { ...client, roles: [] };
  const gateway = pooled(client.service)
    ? poolerRules(rules, client.service).find((rule) => isFor(rule, seen) && isFrom(rule, client))
    : directRules(rules, client.service).find((rule) => isFrom(rule, client));
  const postgres = postgresRules(rules).find(
    (rule) => isFor(rule, client) && (rule.role ?? client.role) === client.role,
  );
  const certificate = postgres?.auth === "cert" && pooled(client.service);
  return gateway?.auth !== "deny" && postgres?.auth !== "deny" && !certificate;
}

const rule: fc.Arbitrary<HbaRuleSpec> = fc.record(
  {
    user: fc.constantFrom("all", "all", "app", "batch", "+staff"),
    db: fc.constantFrom("all", "all", "shop", "stock"),
    addr: fc.constantFrom("world", "world", "intra", "203.0.113.0/24", "10.1.0.0/16"),
    auth: fc.constantFrom("deny", "ssl", "cert"),
    role: fc.constantFrom<MemberRole>("offline"),
    services: fc.constantFrom(["primary"], ["primary", "replica"], ["default", "offline"], ["offline"]),
    order: fc.constantFrom(100, 500, 900),
  },
  { requiredKeys: ["user", "db", "addr"] },
);

const clients: Client[] = ["app", "batch", "other"].flatMap((user) =>
  ["shop", "stock"].flatMap((db) =>
    Object.keys(nets).flatMap((addr) =>
      defaultServices.flatMap(({ name: service }) =>
        (["replica", "offline"] as const).map((role): Client => ({
          user,
          roles: user === "batch" ? ["staff"] : [],
          db,
          addr,
          service,
          role,
        })),
      ),
    ),
  ),
);

test("for all accepted rules the first that matches decides, although three programs check them", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (rules) => {
      if (problemsOf(rules).length > 0) return;
      accepted++;
      const differ = clients.filter((client) => asWritten(rules, client) !== asChecked(rules, client));
      expect(differ.slice(0, 1)).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
  // Most random lists are refused; without enough of the others this would say nothing.
  expect(accepted).toBeGreaterThan(200);
});

test.each<[string, HbaRuleSpec[]]>([
  [
    "an office alone",
    [
      { user: "all", db: "all", addr: "10.1.0.0/16" },
      { user: "all", db: "all", addr: "world", auth: "deny" },
    ],
  ],
  [
    "a user from one network, where poolers are",
    [
      { user: "app", db: "shop", addr: "10.1.0.0/16", services: ["primary", "replica"] },
      { user: "app", db: "all", addr: "world", auth: "deny", services: ["primary", "replica"] },
    ],
  ],
  [
    "some users and no others",
    [
      { user: "app", db: "shop", addr: "world" },
      { user: "+staff", db: "all", addr: "world" },
      { user: "all", db: "all", addr: "world", auth: "deny" },
    ],
  ],
  [
    "analysts on offline members alone",
    [
      { user: "analyst", db: "all", addr: "world", role: "offline" },
      { user: "analyst", db: "all", addr: "world", auth: "deny" },
    ],
  ],
  [
    "somebody out of a network that is in",
    [
      { user: "mallory", db: "all", addr: "world", auth: "deny" },
      { user: "all", db: "all", addr: "intra" },
      { user: "all", db: "all", addr: "world", auth: "deny" },
    ],
  ],
])("%s can be said", (_, hba) => {
  expect(problemsOf(hba)).toEqual([]);
});

test.each([
  ["10.1.2.3/16", "10.1.0.0/16"],
  ["10.1.0.0/16", undefined],
  ["203.0.113.7/32", undefined],
  ["2001:db8::1/32", "2001:db8::/32"],
  ["2001:db8::/32", undefined],
  ["::ffff:1.2.3.4/112", "::ffff:102:0/112"],
])("the network of %s", (cidr, network) => expect(networkOf(cidr)).toBe(network));
