import * as fc from "fast-check";
import { addedLimits, LOOKUPS, reservedConnections, shareOut, type Claim } from "../../model/connection-budget";
import { checkBudget } from "./connection-budget";

const primaryPool: Claim = { service: "primary", gateways: 1, pooled: true, at: { primary: "pool" } };
const replicaPool: Claim = {
  service: "replica",
  gateways: 1,
  pooled: true,
  at: { primary: "fallback", replica: "pool" },
};
const direct: Claim = { service: "default", gateways: 1, pooled: false, at: { primary: "direct" } };
const offline: Claim = { service: "offline", gateways: 1, pooled: false, at: { replica: "direct" } };
const all = [primaryPool, replicaPool, direct, offline];

const limitsOf = (maxConnections: number, members: number, claims: Claim[]) =>
  Object.fromEntries(shareOut(maxConnections, members, claims));
const problems = (maxConnections: number, members: number, claims: Claim[]) => {
  const limits = shareOut(maxConnections, members, claims);
  return checkBudget(
    maxConnections,
    members,
    claims.map((claim) => ({ ...claim, limits: limits.get(claim.service)! })),
  );
};

test("three members keep 19 connections back", () => expect(reservedConnections(3)).toBe(19));

test("poolers, direct services, and those that turn to the primary at need share four fifths of the rest", () => {
  expect(limitsOf(100, 3, all)).toEqual({
    primary: { primary: 31 },
    replica: { primary: 10, replica: 37 },
    default: { primary: 22 },
    offline: { replica: 27 },
  });
});

test("missing services use no connections, and gateways divide a share", () => {
  expect(limitsOf(100, 3, [primaryPool])).toEqual({ primary: { primary: 64 } });
  expect(limitsOf(100, 3, [{ ...primaryPool, gateways: 2 }])).toEqual({ primary: { primary: 32 } });
});

test("a given limit counts with lookups, and other services divide the rest", () => {
  expect(
    limitsOf(100, 3, [
      { ...primaryPool, written: 60 },
      { ...direct, gateways: 2 },
    ]),
  ).toEqual({
    primary: { primary: 62 },
    default: { primary: 3 },
  });
  expect(limitsOf(100, 3, [primaryPool, { ...direct, written: 10 }])).toEqual({
    primary: { primary: 54 },
    default: { primary: 10 },
  });
});

test.each([
  [{ ...primaryPool, service: "etl" }, { primary: 9 }],
  [{ ...direct, service: "etl" }, { primary: 9 }],
  [
    { ...replicaPool, service: "reports" },
    { primary: 5, replica: 8 },
  ],
  [
    { ...direct, service: "audit", at: { primary: "direct", replica: "direct" } } satisfies Claim,
    { primary: 8, replica: 8 },
  ],
])("a service that is added takes what the others leave", (claim, limits) => {
  const shares = shareOut(100, 3, all);
  const taken = all.map((one) => ({ ...one, limits: shares.get(one.service)! }));
  expect(addedLimits(100, 3, claim, taken)).toEqual(limits);
});

test("shares by default always fit every member, while each service can have one", () => {
  const counts = fc.tuple(
    fc.integer({ min: 100, max: 5000 }),
    fc.integer({ min: 1, max: 16 }),
    fc.integer({ min: 1, max: 16 }),
    fc.subarray(all, { minLength: 1 }),
  );
  fc.assert(
    fc.property(counts, ([connections, gateways, members, claims]) => {
      fc.pre(connections - reservedConnections(members) >= claims.length * gateways * (1 + LOOKUPS));
      expect(
        problems(
          connections,
          members,
          claims.map((claim) => ({ ...claim, gateways })),
        ),
      ).toEqual([]);
    }),
  );
});

test("an excess is reported at the given limit, with the calculation and a limit that fits", () => {
  const pool = { ...primaryPool, gateways: 2, written: 60, path: "pool.maxDbConnections" };
  expect(problems(100, 3, [pool, { ...pool, service: "etl", gateways: 1 }, direct])).toEqual([
    {
      path: "pool.maxDbConnections",
      message:
        "primary 2 × (60 + 2 for passwords) + etl 1 × (60 + 2 for passwords) + default 1 × 1 connections may be open to a primary, " +
        "and 19 are reserved (3 superuser + 2 × 3 members + 10 admin and hooks): 206 in all, but max_connections is 100; " +
        'lower maxDbConnections to 24, or raise parameters.max_connections to "206"',
    },
  ]);
  expect(problems(100, 3, [{ ...direct, written: 500, path: "services[0].haproxy.maxconn" }])).toEqual([
    {
      path: "services[0].haproxy.maxconn",
      message:
        "default 1 × 500 connections may be open to a primary, and 19 are reserved (3 superuser + 2 × 3 members + 10 admin and hooks): " +
        '519 in all, but max_connections is 100; lower haproxy.maxconn to 81, or raise parameters.max_connections to "519"',
    },
  ]);
});
