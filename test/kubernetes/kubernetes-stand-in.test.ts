import { kubernetesForTests, type KubernetesForTests } from "../support/kubernetes-cluster";
import { withPulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const namespace = `s-standin-${process.pid}`;
let kubernetes: KubernetesForTests;
let env: { KUBECONFIG: string };

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  env = { KUBECONFIG: kubernetes.kubeconfig };
});

interface Live {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly annotations?: { readonly [name: string]: string };
    readonly labels?: { readonly [name: string]: string };
    readonly managedFields?: readonly { readonly manager: string; readonly operation: string }[];
  };
  readonly data?: { readonly [key: string]: string };
  readonly spec?: { readonly [key: string]: unknown };
}

function live(kind: string, name: string, within = namespace): Promise<Live> {
  return kubernetes.get<Live>([kind, name, "-n", within, "--show-managed-fields"]);
}

const config = () => `
  import * as k8s from "@pulumi/kubernetes";
  import * as pulumi from "@pulumi/pulumi";
  const config = new pulumi.Config();
  const ns = new k8s.core.v1.Namespace("ns", { metadata: { name: "${namespace}" } });
  const at = { namespace: ns.metadata.name };
  const settings = new k8s.core.v1.ConfigMap("settings", { metadata: at, data: { mode: config.get("mode") ?? "a" } });
  const fixed = new k8s.core.v1.ConfigMap("fixed", { metadata: { ...at, name: "fixed" }, data: { mode: config.get("mode") ?? "a" } });
  const password = new k8s.core.v1.Secret("password", { metadata: at, stringData: { password: "hunter2-41" } });
  const account = new k8s.core.v1.ServiceAccount("account", { metadata: { ...at, labels: { app: config.get("label") ?? "one" } }, automountServiceAccountToken: false });
  const role = new k8s.rbac.v1.Role("role", { metadata: at, rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] }] });
  new k8s.rbac.v1.RoleBinding("binding", { metadata: at, roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
    subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: ns.metadata.name }] });
  new k8s.networking.v1.NetworkPolicy("deny", { metadata: at, spec: { podSelector: {}, policyTypes: ["Ingress"] } });
  new k8s.policy.v1.PodDisruptionBudget("budget", { metadata: at, spec: { maxUnavailable: 1, selector: { matchLabels: { app: "x" } } } });
  const service = new k8s.core.v1.Service("headless", { metadata: { ...at, name: "headless" }, spec: { clusterIP: "None", selector: { app: "x" },
    publishNotReadyAddresses: true, ports: [{ name: "pg", port: 5432, targetPort: "pg" }] } });
  new k8s.core.v1.Service("outside", { metadata: at, spec: { ports: [{ port: config.getNumber("port") ?? 5432 }] } });
  new k8s.apps.v1.StatefulSet("members", { metadata: at, spec: { replicas: 0, serviceName: service.metadata.name, selector: { matchLabels: { app: "x" } },
    template: { metadata: { labels: { app: "x" } }, spec: { terminationGracePeriodSeconds: 5, containers: [{ name: "c", image: "localhost/none:1",
      env: [{ name: "TOKEN", value: pulumi.secret("sesame-77") }], ports: [{ containerPort: 5432, name: "pg" }],
      resources: { requests: { cpu: "0.1", memory: "1024Mi" }, limits: { memory: "1.5Gi" } }, volumeMounts: [{ name: "tmp", mountPath: "/tmp", readOnly: false }],
      securityContext: { privileged: false } }], volumes: [{ name: "tmp", emptyDir: {} }] } } } });
  export const settingsName = settings.metadata.name;
  export const secretName = password.metadata.name;
  export const accountName = account.metadata.name;
  export const secretData = password.data;`;

interface Outputs {
  readonly settingsName: string;
  readonly secretName: string;
  readonly accountName: string;
}

function stepOf(preview: Awaited<ReturnType<PulumiProject["previewJson"]>>, name: string) {
  return preview.steps.find(({ urn }) => urn.endsWith(`::${name}`));
}

test("objects of many kinds: made, unchanged, updated in place or replaced, secrets kept, gone", async () => {
  await withPulumiProject({ program: config(), env }, async (project) => {
    const planned = await project.preview();
    const up = await project.up();
    expect(up.summary).toEqual({ created: 13 });
    await project.expectNoChanges();
    expect((await project.refresh()).summary).toEqual({ unchanged: 13 });
    await project.expectNoChanges();
    const names = await project.outputs<Outputs>();
    expect(names.settingsName).toMatch(/^settings-[0-9a-f]{8}$/);
    const settings = await live("configmap", names.settingsName);
    expect(settings.metadata.annotations).toEqual({ "pulumi.com/autonamed": "true" });
    const secret = await live("secret", names.secretName);
    expect(secret.data).toEqual({ password: Buffer.from("hunter2-41").toString("base64") });
    const shown = planned.stdout + up.stdout + (await project.export());
    for (const word of ["hunter2-41", "sesame-77", secret.data?.password as string]) expect(shown).not.toContain(word);

    const account = await live("serviceaccount", names.accountName);
    const fixed = await live("configmap", "fixed");
    await project.setConfig("label", "two");
    await project.setConfig("port", "5433");
    await project.setConfig("mode", "b");
    const next = await project.previewJson();
    expect(stepOf(next, "account")).toMatchObject({
      op: "update",
      detailedDiff: { "metadata.labels.app": { kind: "update" } },
    });
    expect(stepOf(next, "settings")).toMatchObject({ replaceReasons: ["data.mode"] });
    expect((await project.up()).summary).toEqual({ updated: 2, replaced: 2, unchanged: 9 });
    await project.expectNoChanges();
    const after = await live("serviceaccount", names.accountName);
    expect(after.metadata).toMatchObject({ uid: account.metadata.uid, labels: { app: "two" } });
    expect(after.metadata.managedFields).toEqual([
      expect.objectContaining({
        operation: "Apply",
        manager: expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/) as string,
      }),
    ]);
    expect((await live("configmap", "fixed")).metadata.uid).not.toBe(fixed.metadata.uid);
    expect((await project.outputs<Outputs>()).settingsName).not.toBe(names.settingsName);
    expect((await project.refresh()).summary).toEqual({ unchanged: 13 });
  });
  await expect(kubernetes.get(["namespace", namespace])).rejects.toThrow(/not ?found/i);
});
