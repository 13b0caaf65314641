import type { ClusterModel, ResolvedMember, ResolvedService } from "../../model/types";
import type { ServiceSpec } from "../../spec";
import { checkService } from "./service";

const members = ["m1", "m2", "m3"].map((name): ResolvedMember => ({
  name,
  role: "replica",
  electable: true,
  offlineQuery: false,
  host: "local",
  hostname: `shop-${name}`,
  address: `shop-${name}`,
  otherAddress: `shop-${name}`,
  patroniName: name,
  tags: {},
}));
const model = {
  hba: [],
  name: "shop",
  members,
  maxConnections: 100,
  gateways: 1,
  autoPorts: false,
  platform: "docker",
} as unknown as ClusterModel;
const taken = [
  { name: "primary", port: 5433, pool: {}, limits: { primary: 62 } },
  { name: "offline", port: 5438, limits: { replica: 20 } },
] as unknown as ResolvedService[];
const check = (spec: unknown, clusterModel: ClusterModel = model) =>
  checkService(clusterModel, taken, spec as ServiceSpec);

test("accepts an added service that is direct or of replicas", () => {
  expect(check({ name: "audit", port: 5435, destination: "postgres", checkPath: "/read-only" })).toEqual([]);
  expect(check({ name: "reports", port: 5435, checkPath: "/replica" })).toEqual([]);
  expect(check({ name: "etl", port: 5435, checkPath: "/primary", pool: { maxDbConnections: 17 } })).toEqual([]);
});

test("reports all problems at once, with paths of the service's arguments", () => {
  expect(check({ name: "primary", port: 5438, selector: "[? zone]", checkCode: 20, members: 3 })).toEqual([
    { path: "checkCode", message: "must be a whole number from 100 to 599, got 20" },
    {
      path: "members",
      message:
        "is not a field; fields here are name, port, bindAddress, destination, checkMethod, checkPort, checkPath, " +
        "checkCode, selector, selectorBackup, haproxy, pool, kubernetes",
    },
    {
      path: "selector",
      message: 'unknown selector field "zone"; fields are name, pg_role, pg_offline_query, host, tags',
    },
    { path: "name", message: 'is taken by a service of the cluster, got "primary"; choose another' },
    { path: "port", message: "is taken by the service offline, got 5438; choose another" },
  ]);
});

test("free ports of the host cannot be taken", () => {
  const spec = { name: "audit", port: 5438, destination: "postgres" };
  expect(check(spec, { ...model, autoPorts: true })).toEqual([]);
  expect(check(spec)).toHaveLength(1);
});

test("the pool gets the connections that the cluster's services leave, and must fit beside them", () => {
  expect(check({ name: "etl", port: 5435, checkPath: "/primary" })).toEqual([]);
  expect(check({ name: "etl", port: 5435, checkPath: "/primary", pool: { maxDbConnections: 81 } })).toEqual([
    {
      path: "pool.maxDbConnections",
      message:
        "primary 1 × (60 + 2 for passwords) + etl 1 × (81 + 2 for passwords) connections may be open to a primary, and 19 are reserved " +
        "(3 superuser + 2 × 3 members + 10 admin and hooks): 164 in all, but max_connections is 100; lower maxDbConnections " +
        'of the cluster\'s pool and of this service to 38, or raise parameters.max_connections to "164"',
    },
  ]);
  const audit = { name: "audit", port: 5435, destination: "postgres", checkPath: "/primary", haproxy: { maxconn: 19 } };
  expect(check(audit)).toEqual([]);
  expect(check({ ...audit, haproxy: { maxconn: 20 } })).toEqual([
    {
      path: "haproxy.maxconn",
      message:
        "primary 1 × (60 + 2 for passwords) + audit 1 × 20 connections may be open to a primary, and 19 are reserved " +
        "(3 superuser + 2 × 3 members + 10 admin and hooks): 101 in all, but max_connections is 100; lower haproxy.maxconn " +
        'of this service to 19, or raise parameters.max_connections to "101"',
    },
  ]);
});

test("pool sizes of databases are checked against the service's share, without the cluster's", () => {
  const clusterModel = { ...model, pool: { databases: { shop: { size: 60 } } } } as ClusterModel;
  const etl = (pool: unknown) => check({ name: "etl", port: 5435, checkPath: "/primary", pool }, clusterModel);
  expect(etl({})).toEqual([]);
  expect(etl({ users: { app: {} }, databases: { shop: { mode: "session" }, crm: { size: 7 } } })).toEqual([]);
  expect(etl({ users: { "": {} }, databases: { crm: { size: 8 } } })).toEqual([
    { path: 'pool.users[""]', message: 'must be letters, digits, _ and $, a letter or _ first, got ""' },
    {
      path: "pool.databases.crm.size",
      message: "can never be reached, got 8: maxDbConnections is 7, its share of max_connections; lower it to 7",
    },
  ]);
});

describe("on Kubernetes", () => {
  const onKubernetes = { ...model, platform: "kubernetes", gateways: 2, maxConnections: 200 } as ClusterModel;
  const problems = (spec: unknown, serviceType?: string) =>
    check(spec, { ...onKubernetes, serviceType } as ClusterModel);
  const direct = { name: "audit", port: 5440, destination: "postgres" };

  test("separate pods and a Service allow any port, except those reserved for gateways", () => {
    expect(problems({ ...direct, port: 5438 })).toEqual([]);
    expect(problems({ name: "reports", port: 5433, checkPath: "/replica" })).toEqual([]);
    expect(problems({ ...direct, port: 7000 })).toEqual([
      {
        path: "port",
        message:
          "is reserved for gateways on Kubernetes (5432, 6432–6447, 6532–6547, 7000–7033, 8008), " +
          'got 7000; choose another, or use destination "pgbouncer"',
      },
    ]);
  });

  test("the pool is divided among as many gateways as the cluster has", () => {
    const primary = { name: "etl", port: 5440, checkPath: "/primary", pool: { maxDbConnections: 11 } };
    const room = { ...onKubernetes, maxConnections: 169 };
    expect(check({ ...primary, pool: {} }, room)).toEqual([]);
    expect(check({ ...primary, pool: { maxDbConnections: 11 } }, room)).toEqual([]);
    expect(check({ ...primary, pool: { maxDbConnections: 12 } }, room).map((p) => p.path)).toEqual([
      "pool.maxDbConnections",
    ]);
  });

  test("refuses arguments of Docker, and values that another service uses", () => {
    const others = [{ name: "primary", port: 5433, kubernetes: { type: "NodePort", nodePort: 30001 } }];
    const spec = { ...direct, bindAddress: "*", kubernetes: { type: "NodePort", nodePort: 30001 } };
    expect(checkService(onKubernetes, others as unknown as ResolvedService[], spec as ServiceSpec)).toEqual([
      {
        path: "bindAddress",
        message:
          'applies only on Docker, got "*"; on Kubernetes use kubernetes.type and kubernetes.sourceRanges of the service',
      },
      { path: "kubernetes.nodePort", message: "is taken by the service primary, got 30001; choose another" },
    ]);
    expect(check({ ...direct, port: 5441, kubernetes: {} }).map((p) => p.path)).toEqual(["kubernetes"]);
  });

  test("the cluster's type of Service is the default", () => {
    const onNodes = { ...direct, kubernetes: { nodePort: 30001 } };
    expect(problems(onNodes, "NodePort")).toEqual([]);
    expect(problems(onNodes, "ClusterIP").map((p) => p.path)).toEqual(["kubernetes.nodePort"]);
    expect(problems({ ...direct, kubernetes: { sourceRanges: ["10.0.0.0/8"] } }, "LoadBalancer")).toEqual([]);
    expect(
      problems({ ...direct, kubernetes: { type: "NodePort", sourceRanges: ["10.0.0.0/8"] } }, "LoadBalancer"),
    ).toEqual([
      {
        path: "kubernetes.sourceRanges",
        message:
          'has no effect with type "NodePort"; use type "LoadBalancer", or kubernetes.networkPolicy.clients of the cluster',
      },
    ]);
  });

  test("names of containers must not be too long, including those of the cluster's services", () => {
    expect(problems({ ...direct, name: "a".repeat(21) })).toEqual([]);
    expect(problems({ ...direct, name: "a".repeat(22) }).map((p) => p.path)).toEqual(["name"]);
    expect(problems({ ...direct, name: "members" })).toEqual([
      { path: "name", message: 'is reserved for the cluster\'s objects on Kubernetes, got "members"; choose another' },
    ]);
  });
});

test("a direct service beside a rule by address of a user, which only a pooler can check", () => {
  const clusterModel = { ...model, hba: [{ user: "app", db: "all", addr: "10.1.0.0/16" }] } as unknown as ClusterModel;
  expect(check({ name: "etl", port: 5440, pool: { maxDbConnections: 1 } }, clusterModel)).toEqual([]);
  expect(check({ name: "etl", port: 5440, destination: "postgres" }, clusterModel)).toEqual([
    {
      path: "destination",
      message:
        'would allow clients to which hba[0] of the cluster applies: HAProxy sees addresses but neither user nor database; use "pgbouncer", or name the services of that rule',
    },
  ]);
});
