import { poolerSlots, type Pooled } from "./pooler-slots";

const unix = { platform: "kubernetes", poolerLink: "unix" } as const;
const of = (...names: string[]): Pooled[] => names.map((name) => ({ name, followsPrimary: true }));
const backends = (...names: string[]) =>
  Object.fromEntries([...poolerSlots(unix, of(...names))].map(([name, { backend }]) => [name, backend]));

test("a service keeps its socket when others are added, removed or reordered", () => {
  const all = backends("primary", "replica", "jobs", "reports");
  expect(new Set(Object.values(all)).size).toBe(4);
  expect(backends("reports", "jobs")).toEqual({ jobs: all.jobs, reports: all.reports });
  expect(backends("audit", "replica", "jobs")).toMatchObject({ replica: all.replica, jobs: all.jobs });
});

test("two names with the same number do not share a socket, in any order", () => {
  // Of 600 names some have the same number: 50,000 are not enough to tell all apart.
  const names = Array.from({ length: 600 }, (_, i) => `service-${i}`);
  const alone = new Set(names.map((name) => backends(name)[name]));
  expect(alone.size).toBeLessThan(600);
  const together = backends(...names);
  expect(new Set(Object.values(together)).size).toBe(600);
  expect(backends(...names.reverse())).toEqual(together);
  expect(Math.max(...Object.values(together))).toBeLessThan(65_536);
});

test("poolers of one pod have different ports; those in containers of Docker share one number", () => {
  const pooled: Pooled[] = [
    { name: "primary", followsPrimary: true },
    { name: "replica", followsPrimary: false },
    { name: "jobs", followsPrimary: true },
  ];
  const ports = (platform: "docker" | "kubernetes") =>
    [...poolerSlots({ platform, poolerLink: "tcp" }, pooled).values()].map(({ port }) => port);
  expect(ports("kubernetes")).toEqual([6432, 6532, 6433]);
  expect(ports("docker")).toEqual([6432, 6432, 6432]);
});

test("before PostgreSQL 17 HAProxy listens on ports", () => {
  const places = poolerSlots({ platform: "docker", poolerLink: "tcp" }, of("b", "a"));
  expect([...places.values()].map(({ backend }) => backend)).toEqual([7001, 7002]);
});
