import Docker from "dockerode";
import { loadImages } from "@pgharbor/toolchain";
import { kubernetesForTests, type KubernetesForTests } from "../support/kubernetes-cluster";
import { withPulumiProject, type PulumiProject } from "../support/pulumi-project";
import { testImage } from "../support/test-image";

jest.setTimeout(900_000);

let kubernetes: KubernetesForTests;
let env: { KUBECONFIG: string };
let image: string;

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  env = { KUBECONFIG: kubernetes.kubeconfig };
  image = await testImage();
  await loadImages(kubernetes, new Docker(), [image], () => undefined);
});

interface Found {
  readonly metadata: { readonly uid: string; readonly generation: number };
  readonly status: { readonly readyReplicas?: number; readonly phase?: string };
}

const header = `import * as k8s from "@pulumi/kubernetes"; import * as pulumi from "@pulumi/pulumi"; const config = new pulumi.Config();`;

/** A container that is ready a second after its start. */
const container = (of: string) => `{ name: "c", image: ${of}, imagePullPolicy: "IfNotPresent",
  command: ["sh", "-c", "sleep 1; touch /tmp/ready; trap 'exit 0' TERM; while :; do sleep 0.2; done"],
  env: [{ name: "WORD", value: config.get("word") ?? "one" }],
  readinessProbe: { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1, failureThreshold: 1 } }`;

const pods = (
  of: string,
) => `{ metadata: { labels: app }, spec: { terminationGracePeriodSeconds: 5, containers: [${container(of)}],
  volumes: [{ name: "scratch", emptyDir: {} }] } }`;

const workloads = (namespace: string) => `${header}
  const at = { namespace: "${namespace}" };
  const image = ${JSON.stringify(image)};
  const app = { app: "x" };
  const claim = new k8s.core.v1.PersistentVolumeClaim("data", { metadata: at,
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1024Mi" } } } });
  const members = new k8s.apps.v1.StatefulSet("members", { metadata: { ...at, name: "members" }, spec: { replicas: config.getNumber("replicas") ?? 2,
    podManagementPolicy: config.get("policy") ?? "Parallel", serviceName: "nowhere", selector: { matchLabels: app }, template: ${pods("image")} } });
  const service = new k8s.core.v1.Service("service", { metadata: at, spec: { selector: app, ports: [{ port: 80 }] } }, { dependsOn: members });
  new k8s.apps.v1.Deployment("gateway", { metadata: at, spec: { replicas: 1, selector: { matchLabels: { app: "y" } }, template: {
    metadata: { labels: { app: "y" } }, spec: { terminationGracePeriodSeconds: 1, containers: [${container("image")}],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: claim.metadata.name } }] } } } });
  new k8s.batch.v1.Job("once", { metadata: at, spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image, command: ["true"] }] } } } });
  export const ready = members.status.readyReplicas;
  export const address = service.spec.clusterIP;
  export const phase = claim.status.phase;`;

async function stepsOf(project: PulumiProject, name: string): Promise<string[]> {
  const { steps } = await project.previewJson();
  return steps.filter(({ urn }) => urn.endsWith(`::${name}`)).map(({ op }) => op);
}

test("workloads are ready when an update ends, change in place or are replaced, and leave no pod", async () => {
  await kubernetes.withNamespace("s-work", async (namespace) => {
    await withPulumiProject({ program: workloads(namespace), env }, async (project) => {
      expect((await project.up()).summary).toEqual({ created: 6 });
      const outputs = await project.outputs();
      expect(outputs).toEqual({ ready: 2, address: expect.stringMatching(/^\d+\./) as string, phase: "Pending" });
      await project.expectNoChanges();
      await project.refresh();
      await project.expectNoChanges();
      const set = () => kubernetes.get<Found>(["statefulset", "members", "-n", namespace]);
      const first = await set();
      await project.setConfig("word", "two");
      await project.setConfig("replicas", "3");
      expect((await project.up()).summary).toMatchObject({ updated: 2 });
      const second = await set();
      expect(second.metadata.uid).toBe(first.metadata.uid);
      expect(second.status).toMatchObject({ readyReplicas: 3, updatedReplicas: 3 });
      await project.expectNoChanges();
      await project.setConfig("policy", "OrderedReady");
      expect(await stepsOf(project, "members")).toEqual(["replace"]);
      await project.up();
      expect((await set()).metadata.uid).not.toBe(first.metadata.uid);
    });
    const left = await kubernetes.get<{ items: unknown[] }>([
      "pods,statefulsets,persistentvolumeclaims",
      "-n",
      namespace,
    ]);
    expect(left.items).toEqual([]);
  });
});

// With the other policy the controller waits for the broken pod before it replaces it: https://github.com/kubernetes/kubernetes/issues/67250
test("an image that does not exist: a bounded wait, the reason in the error, and a corrected program continues", async () => {
  await kubernetes.withNamespace("s-image", async (namespace) => {
    const program = (of: string) => `${header} const at = { namespace: "${namespace}" }; const app = { app: "x" };
      new k8s.apps.v1.StatefulSet("members", { metadata: at, spec: { replicas: 1, podManagementPolicy: "Parallel", serviceName: "s", selector: { matchLabels: app },
        template: ${pods(JSON.stringify(of))} } }, { customTimeouts: { create: "12s", update: "60s" } });`;
    await withPulumiProject({ program: program("localhost:1/nowhere:7"), env }, async (project) => {
      const began = Date.now();
      const message = await project.up().catch((error: Error) => error.message);
      expect(Date.now() - began).toBeLessThan(60_000);
      expect(message).toContain("timed out waiting to be Ready");
      expect(message).toContain("0 out of 1 replicas succeeded readiness checks");
      expect(message).toMatch(/(ErrImagePull|ImagePullBackOff)[^\n]*localhost:1\/nowhere:7/);
      await project.write(program(image));
      expect((await project.up()).summary).toMatchObject({ updated: 1 });
      await project.expectNoChanges();
    });
  });
});

test("what the cluster refuses is said: quota, pod security, storage class, namespace", async () => {
  await kubernetes.withNamespace("s-refused", async (namespace) => {
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "none", namespace } };
    await kubernetes.kubectl(
      ["apply", "-f", "-"],
      JSON.stringify({ ...quota, spec: { hard: { pods: "0", services: "0" } } }),
    );
    const program = (body: string) =>
      `${header} const at = { namespace: "${namespace}" }; const app = { app: "x" }; ${body}`;
    const refused = async (body: string) => {
      const project = { program: program(body), env };
      return withPulumiProject(project, (it) =>
        it.up().then(
          () => "no error",
          (error: Error) => error.message,
        ),
      );
    };
    expect(
      await refused(`new k8s.apps.v1.Deployment("gateway", { metadata: at, spec: { selector: { matchLabels: app }, template: ${pods(JSON.stringify(image))} } },
        { customTimeouts: { create: "8s" } });`),
    ).toMatch(/is forbidden: exceeded quota: none, requested: pods=1/);
    expect(await refused(`new k8s.core.v1.Service("s", { metadata: at, spec: { ports: [{ port: 80 }] } });`)).toMatch(
      /was not successfully created by the Kubernetes API server: services "s-[0-9a-f]{8}" is forbidden: exceeded quota/,
    );
    expect(
      await refused(`new k8s.core.v1.PersistentVolumeClaim("c", { metadata: at, spec: { storageClassName: "platinum", accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } } } }, { customTimeouts: { create: "5s" } });`),
    ).toMatch(/the StorageClass "platinum" does not exist; the cluster has localdir/);
    const nowhere = await refused(
      `new k8s.core.v1.ConfigMap("m", { metadata: { namespace: "s-nowhere" } }, { customTimeouts: { create: "4s" } });`,
    );
    expect(nowhere).toContain('namespaces "s-nowhere" not found');
  });
  await kubernetes.withNamespace(
    "s-strict",
    async (namespace) => {
      const program = `${header} const app = { app: "x" }; new k8s.apps.v1.StatefulSet("set", { metadata: { namespace: "${namespace}" },
        spec: { serviceName: "s", selector: { matchLabels: app }, template: ${pods(JSON.stringify(image))} } }, { customTimeouts: { create: "8s" } });`;
      await withPulumiProject({ program, env }, async (project) => {
        await expect(project.up()).rejects.toThrow(/violates PodSecurity "restricted/);
      });
    },
    { "pod-security.kubernetes.io/enforce": "restricted" },
  );
});
