import { planCluster } from "@pgharbor/core";
import { PostgresCluster } from "../../packages/pgharbor/src";
import { MockEngine, type Registered } from "../support/mock-engine";
import { kindAndName, plannedHandled, plannedObjects } from "../support/planned-objects";
import { remembered } from "../support/remembered";

const PREFLIGHT = "pulumi-nodejs:dynamic/pgharbor:Preflight";
const IDENTITY = "pulumi-nodejs:dynamic/pgharbor:ClusterIdentity";
const UID = "pgharbor.cluster-uid";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";

const specOf = (kubernetes: object) => ({
  kubernetes: { namespace: "data", ...kubernetes },
  members: 2,
  gateways: 2,
  resources: { memory: "1GB", disk: "10GB" },
});
const plan = planCluster("shop", specOf({}));

const make = remembered(async (kubernetes: object) => {
  const engine = await MockEngine.start();
  new PostgresCluster("shop", specOf(kubernetes));
  return engine.settle();
});

/** Returns every direct and indirect dependency of a resource, without the resource itself. */
function before(engine: MockEngine, name: string, seen = new Set<string>()): Set<string> {
  const direct = engine.registered.filter((one) => one.name === name).flatMap((one) => one.dependsOn);
  for (const other of direct.filter((one) => !seen.has(one))) {
    seen.add(other);
    before(engine, other, seen);
  }
  return seen;
}

const isOnKubernetes = ({ type }: Registered) =>
  type.startsWith("kubernetes:") || (type.startsWith("pulumi-nodejs:") && !/DeletionGuard$/.test(type));

test("checks come before anything is created on Kubernetes, and before any change", async () => {
  const engine = await make({});
  expect(engine.one(PREFLIGHT, "shop-preflight").dependsOn).toEqual([]);
  expect(engine.one(IDENTITY, "shop-identity").dependsOn).toEqual(["shop-preflight"]);
  const others = engine.registered.filter((one) => isOnKubernetes(one) && ![PREFLIGHT, IDENTITY].includes(one.type));
  expect(others.map(kindAndName)).toEqual(expect.arrayContaining([...plannedObjects(plan), ...plannedHandled(plan)]));
  const early = others.filter(({ name }) => !before(engine, name).has("shop-identity"));
  expect(early.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});

test("our own resources come after the check that the provider uses the same Kubernetes", async () => {
  const engine = await make({});
  const asked = ["shop-same-kubernetes", "shop-preflight", "shop-identity"];
  const ours = engine.registered.filter((one) => isOnKubernetes(one) && !one.type.startsWith("kubernetes:"));
  const early = ours.filter(({ name }) => !asked.includes(name) && !before(engine, name).has("shop-same-kubernetes"));
  expect(early.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  expect(engine.one("pulumi-nodejs:dynamic/pgharbor:SameKubernetes", "shop-same-kubernetes")).toMatchObject({
    dependsOn: ["shop-members"],
    inputs: { kubernetes: { namespace: "data", account: { name: "shop-members" } } },
  });
});

test("every object except pods has the cluster's uid, which identifies leftovers of killed runs, and a destroy deletes it last", async () => {
  const engine = await make({});
  const objects = engine.registered.filter(({ type }) => type.startsWith("kubernetes:"));
  const uids = objects.map(({ inputs }) => (inputs.metadata as { labels: Record<string, string> }).labels[UID]);
  expect(new Set(uids)).toEqual(new Set(["uid of shop-uid"]));
  expect(objects.map(kindAndName)).toEqual(expect.arrayContaining(plannedObjects(plan)));
  const pods = JSON.stringify(
    objects.map(({ inputs }) => (inputs.spec as { template?: object } | undefined)?.template),
  );
  expect(pods).toContain("pgharbor.cluster");
  expect(pods).not.toContain(UID);
  const rest = objects.filter(({ type, name }) => type !== ACCOUNT && !before(engine, name).has("shop-leftovers"));
  expect(rest.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});

test("if the provider determines the namespace, the account that reports it comes first", async () => {
  const engine = await make({ namespace: undefined });
  expect(engine.one(ACCOUNT, "shop-members").dependsOn).toEqual(["shop-uid"]);
  expect(engine.one(PREFLIGHT, "shop-preflight").dependsOn).toEqual(["shop-members", "shop-same-kubernetes"]);
  const first = ["shop-members", "shop-same-kubernetes", "shop-preflight"];
  const early = engine.registered
    .filter((one) => isOnKubernetes(one) && !first.includes(one.name))
    .filter(({ name }) => !before(engine, name).has("shop-preflight"));
  expect(early.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});

test("the preflight names exactly the objects that are created", async () => {
  const scheduling = { priorityClass: "high" };
  const engine = await make({ serviceType: "NodePort", scheduling, imagePullSecrets: ["registry"] });
  const { inputs } = engine.one(PREFLIGHT, "shop-preflight");
  const names = (type: string) =>
    engine
      .of(type)
      .map(({ name }) => name)
      .sort();
  const asked = inputs.objects as Record<string, string[]>;
  expect([...asked.services].sort()).toEqual(names("kubernetes:core/v1:Service"));
  expect([...asked.secrets].sort()).toEqual(names("pulumi-nodejs:dynamic/pgharbor:PodFiles"));
  expect([...asked["count/statefulsets.apps"]].sort()).toEqual(names("kubernetes:apps/v1:StatefulSet"));
  expect([...asked["count/deployments.apps"]].sort()).toEqual(names("kubernetes:apps/v1:Deployment"));
  const { size } = engine.one("pulumi-nodejs:dynamic/pgharbor:MemberClaim", "shop-m1-data").inputs;
  const arguments_ = { sizeArgument: "resources.disk", classArgument: "kubernetes.storage.storageClass" };
  expect(inputs.claims).toEqual(
    names("pulumi-nodejs:dynamic/pgharbor:MemberClaim").map((name) => ({
      what: "the volume of a member",
      name,
      size,
      ...arguments_,
    })),
  );
  expect(inputs).toMatchObject({
    priorityClass: "high",
    imagePullSecrets: ["registry"],
    nodePorts: ["shop-primary", "shop-replica", "shop-default", "shop-offline"],
    loadBalancers: [],
  });
});

test("quotas are compared with the requests of the pods", async () => {
  const engine = await make({});
  interface Workload {
    replicas: number;
    template: { metadata: { labels: Record<string, string> }; spec: { containers: Asking[] } };
  }
  interface Asking {
    name: string;
    resources: { requests?: object; limits?: object };
  }
  const made = [...engine.of("kubernetes:apps/v1:StatefulSet"), ...engine.of("kubernetes:apps/v1:Deployment")]
    .map(({ inputs }) => inputs.spec as Workload)
    .map(({ replicas, template }) => ({
      replicas,
      containers: template.spec.containers.map(({ name, resources: { requests = {}, limits = {} } }) => ({
        ...{ name, requests, limits },
      })),
    }));
  const demands = engine.one(PREFLIGHT, "shop-preflight").inputs.pods as typeof made;
  expect(demands.map(({ replicas, containers }) => ({ replicas, containers }))).toEqual(made);
});
