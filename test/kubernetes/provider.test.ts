import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { reachedAt, withClient } from "../support/connect";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { withPulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

/**
 * A program that creates a namespace and its provider, and transforms that enforce an organisation's rule on all pods.
 */
const program = (namespace: string, team: string) => `
  import * as k8s from "@pulumi/kubernetes";
  import { Config, type ResourceTransform } from "@pulumi/pulumi";
  import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const kubeconfig = new Config().requireSecret("kubeconfig");
  const made = new k8s.core.v1.Namespace("data", {
    metadata: { name: "${namespace}", labels: ${JSON.stringify(RESTRICTED)} },
  }, { provider: new k8s.Provider("cluster", { kubeconfig }) });
  const provider = new k8s.Provider("ours", { kubeconfig, namespace: made.metadata.name });
  const RUNS = ["kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:Deployment"];
  const ofTeam: ResourceTransform = ({ type, props, opts }) => {
    if (!RUNS.includes(type)) return undefined;
    const { template } = props.spec;
    const annotations = { ...template.metadata?.annotations, "example.com/team": "${team}" };
    const metadata = { ...template.metadata, annotations };
    const spec = { ...template.spec, tolerations: [{ key: "data", operator: "Exists", effect: "NoSchedule" }] };
    return { props: { ...props, spec: { ...props.spec, template: { ...template, metadata, spec } } }, opts };
  };
  const opts = { provider, transforms: [ofTeam] };
  const cluster = new PostgresCluster("shop", {
    kubernetes: {}, kubeconfig, members: 1, gateways: 1, deletionProtection: false,
  }, opts);
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const audit = new PgService("audit", { cluster, port: 5439, destination: "postgres", checkPath: "/primary" }, opts);
  const binding = new ServiceBinding("api", { user: owner, database, service: "primary", secret: { name: "api-database" } });
  export const uri = binding.uri;
  export const caCertificate = cluster.caCertificate;
  export const host = audit.endpoint.host;
`;

interface Workload {
  metadata: { name: string };
  spec: { template: { metadata: { annotations?: Record<string, string> }; spec: { tolerations?: { key: string }[] } } };
}

test("a provider and a namespace created by the program, with transforms", async () => {
  const kubernetes = await kubernetesForTests();
  const namespace = `provider-${randomBytes(3).toString("hex")}`;
  const options = {
    program: program(namespace, "shop"),
    config: { kubeconfig: { secret: await readFile(kubernetes.kubeconfig, "utf8") } },
    // The environment has no kubeconfig, so only the connection in the program works.
    env: { KUBECONFIG: "/nonexistent", HOME: "/nonexistent" },
  };
  await withPulumiProject(options, async (project) => {
    expect((await project.up()).stdout).not.toContain("warning");
    await expectLabelOnEverything(kubernetes, namespace, "shop");
    await expectAnswers(kubernetes, project, namespace);
    await project.expectNoChanges();
    expect(Object.keys((await project.refresh()).summary)).toEqual(["unchanged"]);
    await project.expectNoChanges();
    expect(await project.export()).not.toContain("client-key-data");

    await project.write(program(namespace, "web"));
    await project.up();
    await expectLabelOnEverything(kubernetes, namespace, "web");
    await expectAnswers(kubernetes, project, namespace);
    await project.expectNoChanges();
    await project.destroy();
    expect(await kubernetes.kubectl(["get", "namespace", namespace, "--ignore-not-found", "-o", "name"])).toBe("");
  });
});

async function expectLabelOnEverything(kubernetes: KubernetesForTests, namespace: string, team: string): Promise<void> {
  const { items } = await kubernetes.get<{ items: Workload[] }>(["-n", namespace, "statefulsets,deployments"]);
  const found = items.map(({ metadata, spec: { template } }) => [
    ...[metadata.name, template.metadata.annotations?.["example.com/team"]],
    template.spec.tolerations?.map(({ key }) => key),
  ]);
  const names = ["shop-audit-gateway", "shop-gateway", "shop-m1"];
  expect(found.sort()).toEqual(names.map((name) => [name, team, ["data"]]));
  const members = new KubernetesMembers(kubernetes, namespace, "shop");
  const pods = [...(await members.pods()), ...(await members.pods("gateway"))];
  expect(pods.length).toBeGreaterThanOrEqual(3);
}

async function expectAnswers(kubernetes: KubernetesForTests, project: PulumiProject, namespace: string): Promise<void> {
  const { uri, caCertificate, host } = await project.outputs<Record<string, string>>();
  expect(host).toBe(`shop-audit.${namespace}.svc.cluster.local`);
  const addresses = await kubernetes.serviceAddresses(namespace);
  const more = reachedAt(uri, caCertificate, addresses);
  const { rows } = await withClient(uri, caCertificate, (client) => client.query("select current_user as me"), more);
  expect(rows).toEqual([{ me: "app_owner" }]);
  const secret = await kubernetes.kubectl(["-n", namespace, "get", "secret", "api-database", "-o", "jsonpath={.type}"]);
  expect(secret).toBe("servicebinding.io/postgresql");
}
