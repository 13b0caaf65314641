import { readFile } from "node:fs/promises";
import { failureOf } from "../support/connect";
import { kubernetesForTests, type KubernetesForTests } from "../support/kubernetes-cluster";
import { withPulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

let kubernetes: KubernetesForTests;
let env: { KUBECONFIG: string };

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  env = { KUBECONFIG: kubernetes.kubeconfig };
});

const header = `import * as k8s from "@pulumi/kubernetes"; import * as pulumi from "@pulumi/pulumi"; const config = new pulumi.Config();`;

interface Found {
  readonly metadata: { readonly name: string; readonly labels?: { readonly [name: string]: string } };
  readonly spec: { readonly replicas?: number };
  readonly data: { readonly [key: string]: string };
}

async function stepOf(project: PulumiProject, name: string) {
  const { steps } = await project.previewJson();
  return steps.find(({ urn }) => urn.endsWith(`::${name}`));
}

test("what somebody else changed shows after a refresh and is put right; what they added is theirs", async () => {
  await kubernetes.withNamespace("s-drift", async (namespace) => {
    const program = `${header} const metadata = { namespace: "${namespace}", name: "x" };
      new k8s.core.v1.ServiceAccount("account", { metadata: { ...metadata, labels: { app: "one" } } });
      new k8s.core.v1.Service("service", { metadata, spec: { ports: [{ port: 80, name: "a" }] } });
      new k8s.core.v1.ConfigMap("settings", { metadata, data: { mode: "a" } });`;
    await withPulumiProject({ program, env }, async (project) => {
      await project.up();
      const change = (...args: string[]) => kubernetes.kubectl([...args, "-n", namespace]);
      await change("annotate", "serviceaccount", "x", "team=theirs");
      await change("label", "serviceaccount", "x", "theirs=yes");
      expect((await project.refresh()).summary).toEqual({ unchanged: 4 });
      await project.expectNoChanges();
      await change("label", "serviceaccount", "x", "app=two", "--overwrite");
      await change("delete", "configmap", "x");
      expect((await project.refresh()).summary).toEqual({ updated: 1, deleted: 1, unchanged: 2 });
      expect(await stepOf(project, "account")).toMatchObject({
        op: "update",
        detailedDiff: { "metadata.labels.app": { kind: "update" } },
      });
      const message = await failureOf(project.up());
      expect(message).toMatch(/field conflict detected[^]*conflict with "kubectl-label"[^]*\.metadata\.labels\.app/);
      await project.write(
        program.replace(
          'labels: { app: "one" }',
          'labels: { app: "one" }, annotations: { "pulumi.com/patchForce": "true" }',
        ),
      );
      await project.up();
      const found = await kubernetes.get<Found>(["serviceaccount", "x", "-n", namespace]);
      expect(found.metadata.labels).toEqual({ app: "one", theirs: "yes" });
      await kubernetes.get<Found>(["configmap", "x", "-n", namespace]);
      await project.refresh();
      await project.expectNoChanges();
    });
  });
});

test("an object that exists is not taken over unless told to; one is looked up and one imported", async () => {
  await kubernetes.withNamespace("s-exists", async (namespace) => {
    await kubernetes.kubectl(["create", "configmap", "theirs", "-n", namespace, "--from-literal=a=1"]);
    const program = (
      options: string,
    ) => `${header} const provider = new k8s.Provider("p", { namespace: "${namespace}", ${options} });
      new k8s.core.v1.ConfigMap("mine", { metadata: { name: "theirs" }, data: { b: "2" } }, { provider });`;
    await withPulumiProject({ program: program(""), env }, async (project) => {
      expect(await failureOf(project.up())).toContain('configmaps "theirs" already exists');
      await project.write(program("upsertExistingObjects: true"));
      await project.up();
      const found = await kubernetes.get<Found>(["configmap", "theirs", "-n", namespace]);
      expect(found.data).toEqual({ a: "1", b: "2" });
      await project.expectNoChanges();
      await project.write(`${header} const found = k8s.core.v1.Service.get("api", "default/kubernetes");
        export const port = found.spec.ports[0].port; export const type = found.spec.type;`);
      await project.up();
      expect(await project.outputs()).toEqual({ port: 443, type: "ClusterIP" });
      await expect(kubernetes.get(["configmap", "theirs", "-n", namespace])).rejects.toThrow(/not ?found/i);
      await kubernetes.kubectl(["create", "configmap", "kept", "-n", namespace, "--from-literal=a=1"]);
      await project.import("kubernetes:core/v1:ConfigMap", "kept", `${namespace}/kept`, "--protect=false");
      await project.write(
        `${header} new k8s.core.v1.ConfigMap("kept", { metadata: { namespace: "${namespace}", name: "kept" }, data: { a: "1" } });`,
      );
      await project.up();
      await project.expectNoChanges();
    });
  });
});

test("providers of their own: contents as a kubeconfig, its namespace, one not known before the update, one that fails", async () => {
  const contents = await readFile(kubernetes.kubeconfig, "utf8");
  await kubernetes.withNamespace("s-provider", async (namespace) => {
    const program = (kubeconfig: string) => `${header}
      const kubeconfig = ${kubeconfig};
      const provider = new k8s.Provider("p", { kubeconfig, namespace: "${namespace}" });
      const made = new k8s.core.v1.ConfigMap("m", { data: { a: config.get("a") ?? "1" } }, { provider });
      export const at = made.metadata.namespace;`;
    const secret = `config.requireSecret("kubeconfig")`;
    const later = `new k8s.core.v1.ConfigMap("first", { metadata: { namespace: "${namespace}" }, data: {} }).metadata.uid.apply(() => ${secret})`;
    const config = { kubeconfig: { secret: contents } };
    await withPulumiProject({ program: program(later), env, config }, async (project) => {
      await project.preview();
      await project.up();
      expect(await project.outputs()).toEqual({ at: namespace });
      await project.expectNoChanges();
      expect(await project.export()).not.toContain("client-key-data");
      await project.write(program(`"/nonexistent/kubeconfig"`));
      await project.setConfig("a", "2");
      expect(await failureOf(project.up())).toContain("the kubeconfig /nonexistent/kubeconfig does not exist");
      await project.write(program(secret));
      await project.up();
    });
  });
});

test("custom kinds, defined in the same program, waited for by the condition that the program names", async () => {
  const group = `s${process.pid}.example.org`;
  const program = `${header}
    const definition = new k8s.apiextensions.v1.CustomResourceDefinition("things", { metadata: { name: "things.${group}" }, spec: {
      group: "${group}", scope: "Namespaced", names: { plural: "things", kind: "Thing" }, versions: [{ name: "v1", served: true, storage: true,
        schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } } }] } });
    const ns = new k8s.core.v1.Namespace("s-things");
    new k8s.apiextensions.CustomResource("thing", { apiVersion: "${group}/v1", kind: "Thing",
      metadata: { namespace: ns.metadata.name, annotations: config.get("wait") ? { "pulumi.com/waitFor": "condition=Ready" } : {} },
      spec: { size: config.get("size") ?? "1024Mi" } }, { dependsOn: definition, customTimeouts: { update: "5s" } });`;
  await withPulumiProject({ program, env }, async (project) => {
    await project.preview();
    expect((await project.up()).summary).toEqual({ created: 4 });
    await project.expectNoChanges();
    await project.refresh();
    await project.expectNoChanges();
    await project.setConfig("size", "2Gi");
    expect((await project.up()).summary).toEqual({ updated: 1, unchanged: 3 });
    await project.setConfig("wait", "yes");
    expect(await failureOf(project.up())).toContain("still without condition=Ready");
  });
});
