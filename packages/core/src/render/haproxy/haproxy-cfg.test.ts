import * as fc from "fast-check";
import { model, member, service } from "../../../../../test/support/planned-by-hand";
import { parseLine } from "../../../../../test/support/parse-haproxy-line";
import { renderHaproxyCfg } from "./haproxy-cfg";
import { healthCheckName } from "./health-checks";
import { splitServerOptions } from "./server-options";

const m1 = member("m1");
const m2 = member("m2");
const any = { member: m1, whileRole: "any", backup: false } as const;
const servers = (text: string, section: string): string[] =>
  (new RegExp(`^(?:listen|backend) ${section}\n((?:  .*\n)*)`, "m").exec(text)?.[1] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("  server "));

test("protected options cannot be overridden", () => {
  const text = renderHaproxyCfg(model(), [
    service([any], {
      defaultServerOptions:
        "inter 1s verify none ssl check track x/y disabled send-proxy \n listen evil \n fall 3 weight 7",
    }),
  ]);
  expect(text).not.toMatch(/verify none|disabled|send-proxy|evil|x\/y/);
});

test("ambiguous options are left out, and the others go to their sections", () => {
  expect(
    splitServerOptions("inter 3s  fastinter 1s on-marked-down shutdown-sessions slowstart 30s rise 3 fall"),
  ).toEqual({
    check: "inter 3s fastinter 1s rise 3",
    server: "on-marked-down shutdown-sessions slowstart 30s",
  });
});

test("a check for the primary refuses a member in recovery, before it looks at the status", () => {
  const text = renderHaproxyCfg(model(), [
    service([any], { checkPath: "/primary" }),
    service([any], { name: "r", checkPath: "/replica" }),
  ]);
  expect(text).toContain(
    `  http-check send meth GET uri /primary
  http-check expect ! rstring '"role": "replica"'
  http-check expect status 200
`,
  );
  expect(text).toContain("  http-check send meth OPTIONS uri /replica\n  http-check expect status 200\n");
});

test("a member with two roles is listed twice, each time with the check of that role", () => {
  const text = renderHaproxyCfg(model(), [
    service(
      [
        { member: m1, whileRole: "replica", backup: false },
        { member: m1, whileRole: "primary", backup: true },
      ],
      { checkPath: "/health", followsPrimary: false },
    ),
  ]);
  expect(servers(text, "s")).toEqual([
    expect.stringMatching(/^ {2}server m1 c-m1:5432 track check\.health\.replica\.[0-9a-f]{6}\/m1$/),
    expect.stringMatching(/^ {2}server m1-primary c-m1:5432 track check\.health\.primary\.[0-9a-f]{6}\/m1 backup$/),
  ]);
});

test("Patroni's /read-only is implied by the role", () => {
  const readOnly = service([any], { checkPath: "/read-only" });
  const replica = service([any], { checkPath: "/replica" });
  const asReplica = { ...any, whileRole: "replica" } as const;
  expect(healthCheckName(readOnly, asReplica)).toBe(healthCheckName(replica, any));
  expect(healthCheckName(service([any], { checkPath: "/read-only?lag=1MB" }), asReplica)).not.toBe(
    healthCheckName(replica, any),
  );
});

test("services with the same check share it, and an added service renames none", () => {
  const one = renderHaproxyCfg(model(), [service([any])]);
  const two = renderHaproxyCfg(model(), [
    service([any]),
    service([{ ...any, member: m2 }], { name: "t", checkPath: "/x" }),
  ]);
  const backends = (text: string) => [...text.matchAll(/^backend (.*)$/gm)].map((match) => match[1]);
  expect(backends(one)).toHaveLength(1);
  expect(backends(two)).toEqual(expect.arrayContaining(backends(one)));
});

test("the hooks' route to the primary includes every member that may be promoted, even without services", () => {
  const members = [m1, m2, member("m3", { role: "offline", electable: false })];
  const text = renderHaproxyCfg(model({ members }), []);
  expect(text).toContain("bind *:7000\n");
  expect(servers(text, "hooks\\.primary").map((line) => line.trim().split(" ")[1])).toEqual(["m1", "m2"]);
});

test("a service that follows the primary accepts no connection while two servers are up", () => {
  const follows = renderHaproxyCfg(model(), [service([any])]);
  expect(follows).toContain(
    "listen s\n  bind *:5000\n  maxconn 100\n  balance roundrobin\n  tcp-request connection reject",
  );
  expect(follows.match(/nbsrv\(s\)/g)).toHaveLength(1);
  expect(renderHaproxyCfg(model(), [service([any], { followsPrimary: false })])).not.toContain("nbsrv(s)");
});

test("a check requests exactly the given path, and no path adds a line", () => {
  const lines = (text: string): number => text.split("\n").length;
  const plain = lines(renderHaproxyCfg(model(), [service([any], { checkPath: "/x" })]));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (path) => {
      fc.pre(!path.includes("\0") && path !== "/primary");
      const text = renderHaproxyCfg(model(), [service([any], { checkPath: path })]);
      expect(lines(text)).toBe(plain);
      const asked = text.split("\n").filter((line) => line.startsWith("  http-check send"));
      expect(asked.map((line) => parseLine(line).at(-1))).toContain(path);
    }),
  );
});
