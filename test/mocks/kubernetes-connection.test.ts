import * as k8s from "@pulumi/kubernetes";
import { planCluster } from "@pgharbor/core";
import { runtime } from "@pulumi/pulumi";
import { PgUser, PostgresCluster, type PostgresClusterArgs } from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";
import { kindAndName, plannedHandled } from "../support/planned-objects";

interface Connection {
  kubernetes?: { namespace: string; context?: string; account?: { name: string } };
  kubeconfig?: { secret: string };
}

/** The Kubernetes connections of pgharbor's own resources: those of a cluster, and those of a user in it. */
async function connectionsOf(more: Partial<PostgresClusterArgs>, provider?: object): Promise<Connection[]> {
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
  const tunnel = (server as { secret: { tunnel: Connection } }).secret ?? server;
  expect(ours.map(kindAndName)).toEqual(expect.arrayContaining(plannedHandled(planCluster("shop", spec))));
  return [...ours.map(({ inputs }) => inputs as Connection), { ...tunnel.tunnel, kubeconfig } as Connection];
}

afterEach(() => runtime.setAllConfig({}));

test("the stack's configuration of the default provider applies to pgharbor's own resources", async () => {
  runtime.setAllConfig({ "kubernetes:context": "prod", "kubernetes:kubeconfig": "~/.kube/prod" });
  for (const connection of await connectionsOf({})) {
    expect(connection.kubernetes).toMatchObject({ namespace: "data", context: "prod" });
    expect(connection.kubeconfig).toEqual({ secret: "~/.kube/prod" });
  }
});

test("the cluster's arguments override the configuration, which does not apply to an explicit provider", async () => {
  runtime.setAllConfig({ "kubernetes:context": "prod", "kubernetes:kubeconfig": "~/.kube/prod" });
  for (const connection of await connectionsOf({ kubeconfig: "~/.kube/mine" })) {
    expect(connection.kubernetes).not.toHaveProperty("context");
    expect(connection.kubeconfig).toEqual({ secret: "~/.kube/mine" });
  }
  for (const connection of await connectionsOf({
    kubernetes: { namespace: "data", connection: { context: "mine" } },
  })) {
    expect(connection.kubernetes).toMatchObject({ context: "mine" });
    expect(connection.kubeconfig).toBeUndefined();
  }
  for (const connection of await connectionsOf({}, { context: "elsewhere" })) {
    expect(connection.kubernetes).not.toHaveProperty("context");
    expect(connection.kubeconfig).toBeUndefined();
  }
});

test("every resource except the first checks has the service account that identifies the Kubernetes cluster", async () => {
  const without = (await connectionsOf({})).filter(({ kubernetes }) => kubernetes?.account?.name !== "shop-members");
  expect(without).toHaveLength(2);
  expect(without[0]).toHaveProperty("nodePorts");
  // The identity check, which runs before the service account exists.
  expect(without[1]).toHaveProperty("postgresVersion");
});
