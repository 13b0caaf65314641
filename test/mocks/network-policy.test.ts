import {
  isAllowed,
  portsToAsk,
  type End,
  type NetworkPolicy,
  type Protocol,
  type World,
} from "../support/network-policy";

/** Tests the evaluator that the tests on Kubernetes use for our policies against Kubernetes' own documentation. */
const namespaces = { shop: { "kubernetes.io/metadata.name": "shop" }, web: { team: "web" }, other: {} };
const end = (namespace: string, role: string, address = "10.0.0.1"): End => ({
  name: `${namespace}/${role}`,
  namespace,
  labels: { role },
  address,
  namedPorts: { postgres: 5432 },
});
const db = end("shop", "db");
const outside: End = { name: "outside", address: "172.17.1.9" };
const policy = (spec: NetworkPolicy["spec"], namespace = "shop"): NetworkPolicy => ({
  metadata: { name: "policy", namespace },
  spec,
});
const world = (...policies: NetworkPolicy[]): World => ({ namespaces, policies });
const forDb = { podSelector: { matchLabels: { role: "db" } } };
const into = (spec: NetworkPolicy["spec"], from: End, port = 5432, protocol: Protocol = "TCP") =>
  isAllowed(world(policy({ ...forDb, ...spec })), from, db, { port, protocol });

test("a pod that no policy selects is not restricted", () => {
  const others = world(policy({ podSelector: { matchLabels: { role: "web" } } }), policy({ podSelector: {} }, "other"));
  expect(isAllowed(others, outside, db, { port: 1 })).toBe(true);
  expect(isAllowed(others, db, outside, { port: 1 })).toBe(true);
});

test("default deny: no rule allows nothing, and an empty rule everything, in its direction only", () => {
  const all = { podSelector: {} };
  const denied = world(policy({ ...all, policyTypes: ["Ingress"] }));
  expect(isAllowed(denied, outside, db, { port: 5432 })).toBe(false);
  expect(isAllowed(denied, db, outside, { port: 5432 })).toBe(true);
  expect(isAllowed(world(policy({ ...all, ingress: [{}] })), outside, db, { port: 5432 })).toBe(true);
  const egress = world(policy({ ...all, policyTypes: ["Egress"] }));
  expect(isAllowed(egress, outside, db, { port: 5432 })).toBe(true);
  expect(isAllowed(egress, db, outside, { port: 5432 })).toBe(false);
  // Without policyTypes: Ingress, and Egress if it has rules.
  expect(isAllowed(world(policy({ ...all, egress: [] })), db, outside, { port: 5432 })).toBe(false);
  expect(isAllowed(world(policy(all)), db, outside, { port: 5432 })).toBe(true);
});

test("both ends must allow a connection, and policies are additive", () => {
  const web = end("shop", "web");
  const locked = policy({ podSelector: { matchLabels: { role: "web" } }, policyTypes: ["Egress"] });
  const open = policy({ podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [forDb] }] });
  expect(isAllowed(world(locked), web, db, { port: 5432 })).toBe(false);
  expect(isAllowed(world(locked, open), web, db, { port: 5432 })).toBe(true);
  expect(isAllowed(world(locked, open), web, outside, { port: 5432 })).toBe(false);
});

test("a podSelector applies to the policy's namespace, a namespaceSelector to all pods of a namespace, both together to both", () => {
  const fromWeb = { ingress: [{ from: [{ podSelector: { matchLabels: { role: "web" } } }] }] };
  expect(into(fromWeb, end("shop", "web"))).toBe(true);
  expect(into(fromWeb, end("web", "web"))).toBe(false);
  expect(into(fromWeb, outside)).toBe(false);
  const namespaceSelector = { matchLabels: { team: "web" } };
  expect(into({ ingress: [{ from: [{ namespaceSelector }] }] }, end("web", "any"))).toBe(true);
  expect(into({ ingress: [{ from: [{ namespaceSelector }] }] }, end("other", "any"))).toBe(false);
  const both = [{ namespaceSelector, podSelector: { matchLabels: { role: "web" } } }];
  expect(into({ ingress: [{ from: both }] }, end("web", "any"))).toBe(false);
  expect(into({ ingress: [{ from: both }] }, end("web", "web"))).toBe(true);
  expect(into({ ingress: [{ from: [{ namespaceSelector: {} }] }] }, end("other", "any"))).toBe(true);
});

test("IP blocks, with exceptions", () => {
  const from = [{ ipBlock: { cidr: "172.17.0.0/16", except: ["172.17.1.0/24"] } }];
  expect(into({ ingress: [{ from }] }, { name: "in it", address: "172.17.2.1" })).toBe(true);
  expect(into({ ingress: [{ from }] }, outside)).toBe(false);
  expect(into({ ingress: [{ from }] }, { name: "elsewhere", address: "10.0.0.1" })).toBe(false);
  expect(into({ ingress: [{ from }] }, { name: "of another family", address: "fd00::1" })).toBe(false);
});

test("ports: TCP by default, by number, by name, as ranges; without ports all of a protocol", () => {
  const ports = (list: NonNullable<NonNullable<NetworkPolicy["spec"]["ingress"]>[number]["ports"]>) => ({
    ingress: [{ ports: list }],
  });
  expect(into(ports([{ port: 5432 }]), outside)).toBe(true);
  expect(into(ports([{ port: 5432 }]), outside, 5432, "UDP")).toBe(false);
  expect(into(ports([{ port: 5433 }]), outside)).toBe(false);
  expect(into(ports([{ port: "postgres" }]), outside)).toBe(true);
  expect(into(ports([{ port: "unknown" }]), outside)).toBe(false);
  expect(into(ports([{ port: 5000, endPort: 6000 }]), outside)).toBe(true);
  expect(into(ports([{ port: 5000, endPort: 5400 }]), outside)).toBe(false);
  expect(into(ports([{ protocol: "UDP" }]), outside, 53, "UDP")).toBe(true);
  expect(into(ports([{ protocol: "UDP" }]), outside, 53)).toBe(false);
  expect(into(ports([{ protocol: "SCTP", port: 5432 }]), outside, 5432, "SCTP")).toBe(true);
  expect(into(ports([{ port: 5432 }]), outside, 5432, "SCTP")).toBe(false);
});

test("ports where the answer may change: those that policies of a namespace name, and their neighbours", () => {
  const ports = (
    list: NonNullable<NonNullable<NetworkPolicy["spec"]["ingress"]>[number]["ports"]>,
    namespace = "shop",
  ) => policy({ podSelector: {}, ingress: [{ ports: list }], egress: [{}] }, namespace);
  const some = world(
    ports([{ port: 53, protocol: "UDP" }]),
    ports([{ port: 7000, endPort: 7009 }]),
    ports([{ port: 1 }], "web"),
  );
  expect(portsToAsk(some, "shop", [db])).toEqual([1, 52, 53, 54, 6999, 7000, 7001, 7008, 7009, 7010, 65535]);
  expect(portsToAsk(world(ports([{ port: "postgres" }])), "shop", [db, outside])).toEqual([1, 5431, 5432, 5433, 65535]);
  expect(portsToAsk(world(), "shop", [db])).toEqual([1, 65535]);
});

test("label expressions", () => {
  type Expressions = NonNullable<NonNullable<NetworkPolicy["spec"]["podSelector"]>["matchExpressions"]>;
  const from = (matchExpressions: Expressions) => ({ ingress: [{ from: [{ podSelector: { matchExpressions } }] }] });
  const web = end("shop", "web");
  expect(into(from([{ key: "role", operator: "In", values: ["web", "api"] }]), web)).toBe(true);
  expect(into(from([{ key: "role", operator: "NotIn", values: ["web"] }]), web)).toBe(false);
  expect(into(from([{ key: "zone", operator: "NotIn", values: ["web"] }]), web)).toBe(true);
  expect(into(from([{ key: "role", operator: "Exists" }]), web)).toBe(true);
  expect(into(from([{ key: "role", operator: "DoesNotExist" }]), web)).toBe(false);
});
