import * as fc from "fast-check";
import { addedMaxDbConnections, checkPoolBudget, defaultMaxDbConnections, reservedConnections } from "./pool-budget";

test("three members keep 19 connections back", () => expect(reservedConnections(3)).toBe(19));

test.each([
  [100, 1, 3, 64],
  [100, 4, 3, 16],
  [500, 2, 16, 182],
  [50, 3, 16, 1],
  [100, 0, 3, 64],
])("of %d connections, each of %d poolers before %p members gets %d", (connections, poolers, members, share) => {
  expect(defaultMaxDbConnections(connections, poolers, members)).toBe(share);
});

test.each([
  [64, 17],
  [40, 20],
  [81, 1],
])("beside %d connections of the cluster's poolers, a service that is added gets %d", (taken, share) => {
  expect(addedMaxDbConnections(100, 3, taken)).toBe(share);
});

test("shares by default always fit, while each pooler can have one", () => {
  const counts = fc.tuple(
    fc.integer({ min: 100, max: 5000 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 16 }),
    fc.integer({ min: 1, max: 16 }),
  );
  fc.assert(
    fc.property(counts, ([connections, services, gateways, members]) => {
      fc.pre(connections - reservedConnections(members) >= services * gateways);
      const maxDbConnections = defaultMaxDbConnections(connections, services * gateways, members);
      const pools = Array.from({ length: services }, (_, i) => ({
        service: `s${i}`,
        gateways,
        maxDbConnections,
        followsPrimary: true,
      }));
      expect(checkPoolBudget(connections, members, pools)).toEqual([]);
    }),
  );
});

test("what exceeds is reckoned out, where it is written, with what would fit", () => {
  const pool = {
    service: "primary",
    gateways: 2,
    maxDbConnections: 60,
    followsPrimary: true,
    at: "pool.maxDbConnections",
  };
  expect(checkPoolBudget(100, 3, [pool, { ...pool, service: "etl", gateways: 1 }])).toEqual([
    {
      path: "pool.maxDbConnections",
      message:
        "poolers may open primary 2 × 60 + etl 1 × 60 connections, and 19 are reserved " +
        "(3 superuser + 2 × 3 members + 10 direct): 199 in all, but max_connections is 100; " +
        'lower maxDbConnections to 27, or raise parameters.max_connections to "199"',
    },
  ]);
});
