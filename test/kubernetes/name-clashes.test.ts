import type { PodFilesInputs, PodFilesOutputs } from "../../packages/pgharbor/src/dynamic/config-files/pod-files";
import { callBuilt, callHandler } from "../support/call-handler";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

jest.setTimeout(300_000);

/** Objects whose names a cluster needs, but which do not belong to it. */
let kubernetes: KubernetesForTests;
let testNamespace: TestNamespace;
let location: Pick<PodFilesInputs, "kubernetes" | "kubeconfig">;

const handle = <T>(kind: string, method: string, ...args: unknown[]) =>
  callHandler<T>(testNamespace.env, kind, method, ...args);
const kubectl = (...args: string[]) => kubernetes.kubectl(["-n", testNamespace.name, ...args]);

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  testNamespace = await inNamespace(kubernetes, "h-clashes", RESTRICTED);
  location = {
    kubernetes: { namespace: testNamespace.name, context: kubernetes.context },
    kubeconfig: kubernetes.kubeconfig,
  };
});
afterAll(() => testNamespace?.remove());

describe("a Secret with files", () => {
  /** The service `audit` of the cluster `shop` has gateways of the same name as the cluster `shop-audit`. */
  const filesOf = (cluster: string, text: string): PodFilesInputs => ({
    ...location,
    secretName: "shop-audit-gateway-haproxy-files",
    labels: { "pgharbor.cluster": cluster },
    annotations: {},
    selector: "pgharbor.gateway=shop-audit-gateway",
    container: "haproxy",
    program: "haproxy",
    plain: { "haproxy.cfg": text },
    secret: {},
    initial: {},
  });
  const content = async () =>
    Buffer.from(
      await kubectl("get", "secret", "shop-audit-gateway-haproxy-files", "-o", "jsonpath={.data.haproxy\\.cfg}"),
      "base64",
    ).toString();

  test("of another cluster is neither overwritten nor deleted", async () => {
    const first = await handle<{ outs: PodFilesOutputs }>("PodFiles", "create", filesOf("shop", "first"));
    await expect(handle("PodFiles", "create", filesOf("shop-audit", "second"))).rejects.toThrow(
      /Secret h-clashes\S*\/shop-audit-gateway-haproxy-files: exists, and does not belong to this cluster, .*another name/,
    );
    const { told } = await handle("PodFiles", "delete", "x", { ...filesOf("shop-audit", "second"), revision: "x" });
    expect(told).toContain("now belongs to another cluster, and is kept");
    expect(await content()).toBe("first");
    // Objects that an interrupted `up` left behind belong to the cluster.
    await handle("PodFiles", "create", filesOf("shop", "again"));
    expect(await content()).toBe("again");
    await handle("PodFiles", "delete", "x", first.result.outs);
  });

  test("without an owner is not taken either", async () => {
    await kubectl("create", "secret", "generic", "shop-audit-gateway-haproxy-files", "--from-literal=haproxy.cfg=mine");
    await expect(handle("PodFiles", "create", filesOf("shop", "first"))).rejects.toThrow(
      "does not belong to this cluster",
    );
    expect(await content()).toBe("mine");
  });
});

describe("a Secret that a provider is about to create", () => {
  const uid = "5f0c4a4e-2d1b-4a36-9d49-0a1f2f6c9d11";
  const labels = (role: string) => ({
    "pgharbor.cluster": "shop",
    "pgharbor.cluster-uid": uid,
    "pgharbor.role": role,
  });
  const clear = (role: string) =>
    callBuilt(testNamespace.env, "clients/kubernetes/objects/leftovers", "clearLeftover", location, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "shop-monitoring", labels: labels(role) },
    });
  const names = () => kubectl("get", "secrets", "-o", "name");

  test("replaces only what a killed run left of the same part of the cluster", async () => {
    await kubectl("create", "secret", "generic", "shop-monitoring");
    for (const [key, value] of Object.entries(labels("monitoring")))
      await kubectl("label", "secret", "shop-monitoring", `${key}=${value}`);
    await expect(clear("binding")).rejects.toThrow(
      /Secret h-clashes\S*\/shop-monitoring: already exists and is of cluster "shop" of another stack, .*another name/,
    );
    expect(await names()).toContain("shop-monitoring");
    await clear("monitoring");
    expect(await names()).not.toContain("shop-monitoring");
  });

  test("with files does not replace a binding's Secret", async () => {
    const inputs = { ...location, secretName: "shop-api", annotations: {}, selector: "a=b", container: "haproxy" };
    const files: PodFilesInputs = {
      ...inputs,
      ...{ labels: { "pgharbor.cluster": "shop" }, program: "haproxy", plain: { a: "b" }, secret: {}, initial: {} },
    };
    await kubectl("create", "secret", "generic", "shop-api", "--from-literal=uri=u");
    await kubectl("label", "secret", "shop-api", "pgharbor.cluster=shop", "pgharbor.role=binding");
    await expect(handle("PodFiles", "create", files)).rejects.toThrow(/shop-api: exists, .*or belongs to a binding/);
    await kubectl("delete", "secret", "shop-api");
  });
});

describe("a ConfigMap with the name of one in which Patroni keeps its state", () => {
  const create = () => handle("PatroniStore", "create", { ...location, cluster: "shop" });
  const label = (name: string, cluster: string) =>
    kubectl("label", "configmap", name, `pgharbor.cluster=${cluster}`, "pgharbor.role=member");

  test("of an application is reported", async () => {
    await kubectl("create", "configmap", "shop-config");
    await expect(create()).rejects.toThrow(
      /ConfigMap h-clashes\S*\/shop-config: exists, belongs to another owner, .*got "shop-config"; give the cluster another name/,
    );
    await kubectl("delete", "configmap", "shop-config");
    await create();
  });

  test("of a cluster whose database is lost is reported, with the command to run; with retained data it is used", async () => {
    await kubectl("create", "configmap", "shop-config");
    await label("shop-config", "shop");
    await create();
    await kubectl("annotate", "configmap", "shop-config", "initialize=7400000000000000001");
    const error = await create().then(
      () => "",
      (refused: Error) => refused.message,
    );
    const claim = async (name: string, volumeName?: string) =>
      kubernetes.kubectl(
        ["-n", testNamespace.name, "apply", "-f", "-"],
        JSON.stringify({
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name, labels: { "pgharbor.cluster": "shop" } },
          spec: { volumeName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        }),
      );
    expect(error).toMatch(/no member and no claim with it, got 7400000000000000001; .*run `kubectl -n/);
    // The refused update may have created this claim, which was never used.
    await claim("shop-m1-data");
    await expect(create()).rejects.toThrow("no claim with it");
    await claim("shop-m2-data", "a-volume-that-was-kept");
    await create();
    await kubectl("delete", "pvc", "shop-m1-data", "shop-m2-data");
    await kubectl(...error.match(/`kubectl -n \S+ ([^`]+)`/)![1].split(" "));
    await create();
  });
});
