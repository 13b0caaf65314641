import * as k8s from "@pulumi/kubernetes";
import { planCluster } from "@pgharbor/core";
import { runtime } from "@pulumi/pulumi";
import { PgUser, PostgresCluster, type PostgresClusterArgs } from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";
import { kindAndName, plannedHandled } from "../support/planned-objects";

interface Way {
  kubernetes?: { namespace: string; context?: string; account?: { name: string } };
  kubeconfig?: { secret: string };
}

/** How our own resources of a cluster, and of a user in it, are told to reach it. */
async function waysOf(more: Partial<PostgresClusterArgs>, provider?: object): Promise<Way[]> {
  const engine = await MockEngine.start();
  const opts = provider && { provider: new k8s.Provider("own", provider) };
  const { kubeconfig: credentials, ...spec } = { kubernetes: { namespace: "data" }, members: 2, ...more };
  const cluster = new PostgresCluster("shop", { ...spec, kubeconfig: credentials }, opts);
  new PgUser("app", { target: cluster, username: "app" });
  await engine.settle();
  const ours = engine.registered.filter(
    ({ type, inputs }) => type.includes("dynamic/pgharbor:") && "kubernetes" in inputs,
  );
  const { server, kubeconfig } = engine.one("pulumi-nodejs:dynamic/pgharbor:PgRole", "app").inputs;
  const tunnel = (server as { secret: { tunnel: Way } }).secret ?? server;
  expect(ours.map(kindAndName)).toEqual(expect.arrayContaining(plannedHandled(planCluster("shop", spec))));
  return [...ours.map(({ inputs }) => inputs as Way), { ...tunnel.tunnel, kubeconfig } as Way];
}

afterEach(() => runtime.setAllConfig({}));

test("what the stack's configuration says to the default provider holds for our own resources", async () => {
  runtime.setAllConfig({ "kubernetes:context": "prod", "kubernetes:kubeconfig": "~/.kube/prod" });
  for (const way of await waysOf({})) {
    expect(way.kubernetes).toMatchObject({ namespace: "data", context: "prod" });
    expect(way.kubeconfig).toEqual({ secret: "~/.kube/prod" });
  }
});

test("the cluster's own arguments come first, and a provider of the program's own has nothing of the configuration", async () => {
  runtime.setAllConfig({ "kubernetes:context": "prod", "kubernetes:kubeconfig": "~/.kube/prod" });
  for (const way of await waysOf({ kubeconfig: "~/.kube/mine" })) {
    expect(way.kubernetes).not.toHaveProperty("context");
    expect(way.kubeconfig).toEqual({ secret: "~/.kube/mine" });
  }
  for (const way of await waysOf({ kubernetes: { namespace: "data", reach: { context: "mine" } } })) {
    expect(way.kubernetes).toMatchObject({ context: "mine" });
    expect(way.kubeconfig).toBeUndefined();
  }
  for (const way of await waysOf({}, { context: "elsewhere" })) {
    expect(way.kubernetes).not.toHaveProperty("context");
    expect(way.kubeconfig).toBeUndefined();
  }
});

test("every resource but the first looks knows the account that tells one Kubernetes from another", async () => {
  const without = (await waysOf({})).filter(({ kubernetes }) => kubernetes?.account?.name !== "shop-members");
  expect(without).toHaveLength(2);
  expect(without[0]).toHaveProperty("nodePorts");
  // Goes only where the cluster cannot be changed any more: whether it is there.
  expect(without[1]).toHaveProperty("postgresVersion");
});
