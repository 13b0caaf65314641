import * as fc from "fast-check";
import type { HbaRuleSpec } from "../../spec";
import { model } from "../../../../../test/support/planned-by-hand";
import { hbaLine } from "./hba-line";
import { renderPgHba } from "./pg-hba";

interface Token {
  text: string;
  /** Began with a quote: it is no keyword. */
  quoted: boolean;
}

/** PostgreSQL's own reading of a line (next_token() of hba.c): fields of tokens. */
function parseLine(line: string): Token[][] {
  const fields: Token[][] = [];
  let i = 0;
  while (i < line.length) {
    while (line[i] === " " || line[i] === "\t") i++;
    if (i >= line.length || line[i] === "#") break;
    const field: Token[] = [];
    for (let comma = true; comma;) {
      const token = { text: "", quoted: false };
      let [inQuote, wasQuote] = [false, false];
      comma = false;
      for (; i < line.length && (inQuote || !/[ \t]/.test(line[i])); i++) {
        const c = line[i];
        if (c === "#" && !inQuote) i = line.length;
        else if (c === "," && !inQuote) {
          comma = true;
          i++;
          break;
        } else {
          if (c !== '"' || wasQuote) token.text += c;
          wasQuote = inQuote && c === '"' ? !wasQuote : false;
          if (c === '"') {
            inQuote = !inQuote;
            if (token.text === "") token.quoted = true;
          }
        }
      }
      field.push(token);
    }
    fields.push(field);
  }
  return fields;
}

const name = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom('"', " ", ",", "#", "+", "@", "/", "a", "\t") }),
  fc.constantFrom("all", "replication", "sameuser", "samerole", "+all", "ALL"),
);

test("a line with any names reads back as one line with these names", () => {
  fc.assert(
    fc.property(name, name, (database, user) => {
      fc.pre(!/[\0\r\n]/.test(database + user) && !database.startsWith("/") && !/^\+?\//.test(user));
      const line = hbaLine({
        type: "hostssl",
        databases: [database],
        users: [user],
        address: "samenet",
        method: "cert",
      });
      const [type, db, who, address, method, ...more] = parseLine(line);
      expect(more).toEqual([]);
      expect([type, address, method].map((field) => field?.[0]?.text)).toEqual(["hostssl", "samenet", "cert"]);
      expect([db, who].map((field) => field?.map((token) => token.text))).toEqual([[database], [user]]);
      // Nothing is a keyword that the format's own words are not.
      const keywords = ["sameuser", "samerole", "samegroup"];
      if (keywords.includes(database) || /^[@+]/.test(database)) expect(db?.[0]?.quoted).toBe(true);
      if (user.startsWith("@")) expect(who?.[0]?.quoted).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("a name that starts with a slash is not read as a pattern", () => {
  const line = (user: string) => hbaLine({ type: "local", databases: ["all"], users: [user], method: "reject" });
  expect(line("/.*")).toBe('local all "/^/\\.\\*$" reject');
});

test.each(["a\nhost all all all trust", "a\rb", "a\0b"])("%j is refused", (user) => {
  expect(() => hbaLine({ type: "local", databases: ["all"], users: [user], method: "reject" })).toThrow(
    "cannot be written",
  );
});

const rules = (...own: HbaRuleSpec[]): string[] =>
  renderPgHba(model({ hba: own })).filter((line) => !line.startsWith("#"));
const open: HbaRuleSpec = { user: "all", db: "all", addr: "world" };

test("all rules come after the superuser is refused, and before everyone else is let in", () => {
  const lines = rules({ ...open, order: -100, user: "early" }, { ...open, order: 5000, user: "late" });
  const at = (part: string): number => lines.findIndex((line) => line.includes(part));
  expect(at("postgres all reject")).toBeLessThan(at("early"));
  expect(at("pgharbor_admin all reject")).toBeLessThan(at("early"));
  expect(at("late")).toBeLessThan(at("hostssl all all samenet"));
});

test("rules of one order keep the order they were written in", () => {
  const lines = rules({ ...open, user: "b" }, { ...open, user: "a" }, { ...open, user: "c", order: 100 });
  expect(lines.filter((line) => / [abc] all scram/.test(line)).map((line) => line.split(" ")[2])).toEqual([
    "c",
    "b",
    "a",
  ]);
});

test.each([
  ["ssl", "hostssl d u all scram-sha-256"],
  ["cert", "hostssl d u all cert"],
  ["deny", "host d u all reject"],
] as const)("a rule with auth %s", (auth, expected) => {
  expect(rules({ user: "u", db: "d", addr: "world", auth }).filter((line) => line.includes(" d u "))).toEqual([
    expected,
  ]);
});

test("a rule by address or by service is not here: every client comes from HAProxy's address", () => {
  const own: HbaRuleSpec[] = [
    { ...open, addr: "10.0.0.0/8" },
    { ...open, services: ["primary"], user: "app" },
    { ...open, auth: "deny" },
  ];
  expect(rules(...own)).toEqual(rules());
});

test("a rule that refuses all other users is written here, because only PostgreSQL knows them", () => {
  const lines = rules({ ...open, user: "app" }, { ...open, auth: "deny" });
  expect(lines.slice(lines.indexOf("hostssl all app all scram-sha-256"))[1]).toBe("host all all all reject");
});

test("a rule of a role is only in that role's lines", () => {
  const rule: HbaRuleSpec = { ...open, user: "analyst", role: "offline" };
  expect(renderPgHba(model({ hba: [rule] })).join()).not.toContain("analyst");
  expect(renderPgHba(model({ hba: [rule] }), "replica").join()).not.toContain("analyst");
  expect(renderPgHba(model({ hba: [rule] }), "offline").join()).toContain("analyst");
});

test("never without a password, and never a remote superuser", () => {
  const lines = renderPgHba(
    model({
      hba: [
        { ...open, user: "app" },
        { ...open, auth: "cert" },
      ],
    }),
  );
  expect(lines.join("\n")).not.toMatch(/\b(trust|password|md5|ident|hostnossl)\b/);
  const superuser = lines.filter((line) => /^host/.test(line) && line.includes(" postgres "));
  expect(superuser.filter((line) => line.split(" ")[2] === "postgres")).toEqual([
    "host all,replication postgres all reject",
  ]);
});

test("on Kubernetes, where pods have a subnet a node, the cluster is the private networks", () => {
  const elsewhere = renderPgHba(model({ platform: "kubernetes", podCidrs: ["240.0.0.0/4"] }));
  expect(elsewhere.filter((line) => line.includes("240.0.0.0/4")).length).toBe(
    elsewhere.filter((line) => line.includes("100.64.0.0/10")).length,
  );
  expect(renderPgHba(model({ platform: "kubernetes" })).join("\n")).toContain(
    "hostssl all all 10.0.0.0/8 scram-sha-256",
  );
});

test("a title is one comment", () => {
  const lines = renderPgHba(model({ hba: [{ ...open, title: "a\nhost all all all trust\u2028b" }] }));
  expect(lines).toContain("# a host all all all trust b");
});
