import { PgService, PostgresCluster, type ServiceSpec } from "../../packages/pgharbor/src";
import { declaredPod, declaredPolicies, NAMESPACE, templateOf } from "../support/declared-network";
import { MockEngine } from "../support/mock-engine";
import { isAllowed, type End } from "../support/network-policy";

const pooled = (...names: string[]): ServiceSpec[] =>
  names.map((name, i) => ({ name, port: 5450 + i, checkPath: name.startsWith("read") ? "/replica" : "/primary" }));

async function declare(services: ServiceSpec[], more?: (cluster: PostgresCluster) => void): Promise<MockEngine> {
  const engine = await MockEngine.start();
  const parameters = { max_connections: "400" };
  const cluster = new PostgresCluster("shop", {
    kubernetes: { namespace: NAMESPACE },
    members: 1,
    services,
    parameters,
  });
  more?.(cluster);
  return engine.settle();
}

interface Service {
  spec: { ports: { targetPort: number | string }[] };
}
const targetOf = (engine: MockEngine, service: string): number | string =>
  (engine.one("kubernetes:core/v1:Service", `shop-${service}`).inputs as unknown as Service).spec.ports[0].targetPort;

/** Returns the port number in one pod behind a Service's port. Kubernetes resolves a port's name in each pod. */
const inPod = (target: number | string, pods: MockEngine): number | undefined =>
  typeof target === "number" ? target : declaredPod(pods, "shop-gateway").namedPorts[target];

/** Returns the container that listens on this port. */
const listener = (pods: MockEngine, port: number | undefined): string | undefined =>
  templateOf(pods, "shop-gateway").spec.containers.find((one) =>
    one.ports?.some(({ containerPort }) => containerPort === port),
  )?.name;

const client: End = { name: "client", address: "10.9.9.9", namespace: "web", labels: {} };
const admits = (policies: MockEngine, pods: MockEngine, port: number | undefined): boolean =>
  isAllowed({ policies: declaredPolicies(policies), namespaces: {} }, client, declaredPod(pods, "shop-gateway"), {
    port: port!,
  });

const LONG = "reports-of-the-night";
/**
 * The services that stay, before and after a neighbour is added or removed. Each kind of pooler has a separate range of
 * ports.
 */
const without = pooled("jobs", "read-a", LONG);
const withMore = [...pooled("audit", "read-0", "a--b"), ...pooled("jobs", "read-a", LONG)].map((s, i) => ({
  ...s,
  port: 5450 + i,
}));

describe.each([
  ["removed", withMore, without],
  ["added", without, withMore],
])("while gateways are replaced because services are %s", (_, before, after) => {
  let was: MockEngine;
  let is: MockEngine;
  beforeAll(async () => {
    was = await declare(before);
    is = await declare(after);
  });
  const staying = ["primary", "replica", "jobs", "read-a", LONG];

  test("the port of some pooler changes, so the tests below apply", () => {
    const numbers = (engine: MockEngine) => staying.map((name) => inPod(targetOf(engine, name), engine));
    expect(numbers(was)).not.toEqual(numbers(is));
  });

  test.each(staying)(
    "%s connects to its own pooler in old and new pods, through the old and the new Service",
    (name) => {
      for (const services of [was, is])
        for (const pods of [was, is])
          expect(listener(pods, inPod(targetOf(services, name), pods))).toBe(`pooler-${name}`);
    },
  );

  test.each(staying)("the policy, which changes at once, allows clients of %s in old and new pods", (name) => {
    for (const pods of [was, is]) expect(admits(is, pods, inPod(targetOf(was, name), pods))).toBe(true);
  });

  test("the policy allows no other port", () => {
    expect(admits(is, is, 6447)).toBe(false);
  });

  test("port names are valid for Kubernetes, and unique in each pod", () => {
    for (const engine of [was, is]) {
      const containers = templateOf(engine, "shop-gateway").spec.containers;
      const names = containers.flatMap((one) => one.ports ?? []).map(({ name }) => name!);
      expect(new Set(names).size).toBe(names.length);
      // The rule is IsValidPortName in k8s.io/apimachinery/pkg/util/validation.
      for (const name of names) expect(name).toMatch(/^(?=.{1,15}$)(?=.*[a-z])(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }
  });
});

test("a service without a pooler keeps its port in HAProxy", async () => {
  const engine = await declare([]);
  expect([targetOf(engine, "default"), targetOf(engine, "offline")]).toEqual([5436, 5438]);
});

test("a service added later connects to further ports of members, which the cluster's own gateways do not use", async () => {
  const engine = await declare([], (cluster) => {
    new PgService("own", { cluster, port: 5470, destination: "9000", checkPort: "9001" });
    new PgService("usual", { cluster, port: 5471 });
  });
  const world = { policies: declaredPolicies(engine), namespaces: {} };
  const open = (from: string) =>
    [5432, 8008, 9000, 9001, 9002].filter((port) =>
      isAllowed(world, declaredPod(engine, from), declaredPod(engine, "shop-m1"), { port }),
    );
  expect(open("shop-own-gateway")).toEqual([5432, 8008, 9000, 9001]);
  expect(open("shop-usual-gateway")).toEqual([5432, 8008]);
  expect(open("shop-gateway")).toEqual([5432, 8008]);
  expect(declaredPolicies(engine).map(({ metadata }) => metadata.name)).not.toContain("shop-usual-gateway-members");
});
