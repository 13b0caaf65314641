import Docker from "dockerode";
import { loadImages } from "@pgharbor/toolchain";
import type { PodFilesInputs, PodFilesOutputs } from "../../packages/pgharbor/src/dynamic/config-files/pod-files";
import type { PodInstanceOutputs } from "../../packages/pgharbor/src/dynamic/supporting-service/pod-instance";
import type { ExecResult } from "../../packages/pgharbor/src/clients/docker/engine";
import { callBuilt, callHandler } from "../support/call-handler";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { inNamespace, type TestNamespace } from "../support/test-namespace";
import { askThroughForward } from "../support/forward-probe";
import { images } from "../support/pinned-images";

jest.setTimeout(300_000);

const SELECTOR = "app=gateway";
const CONTAINER = "haproxy";
let kubernetes: KubernetesForTests;
let testNamespace: TestNamespace;
let inputs: PodFilesInputs;
let files: PodFilesOutputs;

const haproxyCfg = (port: number, extra = "") => `global
  default-path config
  stats socket /run/pgharbor/haproxy/admin.sock mode 600 level admin
defaults
  mode http
  timeout connect 1s
  timeout client 1m
  timeout server 1m
frontend probe
  bind 127.0.0.1:${port}
  http-request return status 200 content-type text/plain string "hello"
${extra}`;

const exec = async (pod: string, command: string[], options: object = {}) =>
  (
    await callBuilt<ExecResult>(
      testNamespace.env,
      "clients/kubernetes/exec/exec",
      "execInPod",
      inputs,
      `${pod}/${CONTAINER}`,
      command,
      options,
    )
  ).result;
const handle = <T>(kind: string, method: string, ...args: unknown[]) =>
  callHandler<T>(testNamespace.env, kind, method, ...args);
const gateways = async (): Promise<string[]> =>
  (await kubernetes.kubectl(["-n", testNamespace.name, "get", "pods", "-l", SELECTOR, "-o", "name"]))
    .trim()
    .split("\n")
    .map((name) => name.replace("pod/", ""));

const deployment = (keys: string[]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "gateway" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "gateway" } },
    template: {
      metadata: { labels: { app: "gateway" } },
      spec: {
        terminationGracePeriodSeconds: 1,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 103,
          runAsGroup: 105,
          fsGroup: 105,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: CONTAINER,
            image: images.gateway,
            imagePullPolicy: "IfNotPresent",
            args: ["haproxy"],
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
            readinessProbe: {
              exec: { command: ["test", "-S", "/run/pgharbor/haproxy/admin.sock"] },
              periodSeconds: 1,
            },
            volumeMounts: [
              { name: "files", mountPath: "/etc/pgharbor/current", readOnly: true },
              { name: "run", mountPath: "/run/pgharbor" },
              { name: "tmp", mountPath: "/tmp" },
            ],
          },
        ],
        volumes: [
          {
            name: "files",
            secret: {
              secretName: "gateway-files",
              defaultMode: 0o440,
              items: keys.map((key) => ({ key, path: key })),
            },
          },
          { name: "run", emptyDir: {} },
          { name: "tmp", emptyDir: {} },
        ],
      },
    },
  },
});

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  await loadImages(kubernetes, new Docker(), [images.gateway], () => undefined);
  testNamespace = await inNamespace(kubernetes, "h-handlers", RESTRICTED);
  inputs = {
    kubernetes: { namespace: testNamespace.name, context: kubernetes.context },
    kubeconfig: kubernetes.kubeconfig,
    secretName: "gateway-files",
    labels: { "pgharbor.cluster": "shop" },
    annotations: { note: "kept" },
    selector: SELECTOR,
    container: CONTAINER,
    program: "haproxy",
    plain: { "haproxy.cfg": haproxyCfg(7001) },
    secret: { "tls/key.pem": "a secret" },
    initial: {},
  };
});
afterAll(() => testNamespace?.remove());

describe("files of pods", () => {
  test("are stored in a Secret before there is a pod", async () => {
    const created = await handle<{ id: string; outs: PodFilesOutputs }>("PodFiles", "create", inputs);
    files = created.result.outs;
    expect(created.result.id).toBe(`${testNamespace.name}/gateway-files`);
    const secret = await kubernetes.get<{ data: Record<string, string>; metadata: { labels: object } }>([
      "secret",
      "gateway-files",
      "-n",
      testNamespace.name,
    ]);
    expect(Object.keys(secret.data).sort()).toEqual(["haproxy.cfg", "revision", "tls.key.pem"]);
    expect(secret.metadata.labels).toEqual({ "pgharbor.cluster": "shop" });
    await kubernetes.kubectl(
      ["-n", testNamespace.name, "apply", "-f", "-"],
      JSON.stringify(deployment(["haproxy.cfg", "revision"])),
    );
    await kubernetes.kubectl(["-n", testNamespace.name, "rollout", "status", "deployment/gateway", "--timeout=120s"]);
  });

  test("are applied to running pods at once, by a reload", async () => {
    const before = await gateways();
    const start = Date.now();
    const news = { ...inputs, plain: { "haproxy.cfg": haproxyCfg(7002) } };
    const updated = await handle<{ outs: PodFilesOutputs }>("PodFiles", "update", "", files, news);
    process.stderr.write(`new files in ${before.length} pods: ${Date.now() - start} ms\n`);
    files = updated.result.outs;
    for (const pod of before) expect(updated.told).toContain(`${pod}/haproxy: haproxy runs with revision`);
    expect(await gateways()).toEqual(before);
    for (const pod of before) {
      const answer = await exec(pod, ["socat", "-T", "2", "-", "TCP:127.0.0.1:7002"], {
        stdin: "GET / HTTP/1.0\r\n\r\n",
      });
      expect(answer.stdout).toContain("hello");
    }
  });

  test("change nothing if the program's check refuses them", async () => {
    const news = { ...inputs, plain: { "haproxy.cfg": haproxyCfg(7002, "  no-such-keyword\n") } };
    await expect(handle("PodFiles", "update", "", files, news)).rejects.toThrow(
      /haproxy refused its new configuration and keeps running with the old one:[^]*no-such-keyword/,
    );
    const { result } = await handle<{ props: PodFilesOutputs }>("PodFiles", "read", "x", files);
    expect(result.props.revision).toBe(files.revision);
  });

  test("are reverted if the reload refuses them", async () => {
    // HAProxy's check passes, but the new worker cannot bind, because no interface has this address.
    const pods = await gateways();
    const taken = `frontend taken\n  bind 203.0.113.7:7003\n  http-request return status 200\n`;
    const news = { ...inputs, plain: { "haproxy.cfg": haproxyCfg(7002, taken) } };
    await expect(handle("PodFiles", "update", "", files, news)).rejects.toThrow("refused its new configuration");
    const { result } = await handle<{ props: PodFilesOutputs }>("PodFiles", "read", "x", files);
    expect(result.props.revision).toBe(files.revision);
    const mounted = await exec(pods[0], ["cat", "/etc/pgharbor/current/revision"]);
    expect(mounted.stdout).toBe(files.revision);
  });

  test("show as drift if someone changed them, and are repaired", async () => {
    const patch = JSON.stringify({ data: { "tls.key.pem": Buffer.from("other").toString("base64") } });
    await kubernetes.kubectl([
      "-n",
      testNamespace.name,
      "patch",
      "secret",
      "gateway-files",
      "--type=merge",
      "-p",
      patch,
    ]);
    const { result } = await handle<{ props: PodFilesOutputs }>("PodFiles", "read", "x", files);
    expect(result.props.revision).not.toBe(files.revision);
    const news = { ...inputs, plain: files.plain };
    const changed = await handle<{ changes: boolean }>("PodFiles", "diff", "x", result.props, news);
    expect(changed.result.changes).toBe(true);
    const updated = await handle<{ outs: PodFilesOutputs }>("PodFiles", "update", "x", result.props, news);
    const again = await handle<{ props: PodFilesOutputs }>("PodFiles", "read", "x", updated.result.outs);
    expect(again.result.props.revision).toBe(files.revision);
  });
});

describe("a program in a pod", () => {
  test("returns its exit code and output, and reads its input to the end", async () => {
    const [pod] = await gateways();
    const stdin = "x".repeat(1_000_000);
    expect(await exec(pod, ["sh", "-c", "wc -c; echo bad >&2; exit 7"], { stdin })).toEqual({
      code: 7,
      stdout: "1000000\n",
      stderr: "bad\n",
    });
    expect(await exec(pod, ["no-such-program"])).toMatchObject({ code: 127 });
    await expect(exec("gone", ["true"])).rejects.toThrow("the container is not running, got no pod gone");
  });
});

describe("a port of pods", () => {
  test("answers, and continues when its pod is replaced", async () => {
    const answers = await askThroughForward(
      testNamespace.env,
      inputs,
      { selector: SELECTOR, port: 7002 },
      async (ask) => {
        const first = await ask();
        await kubernetes.kubectl(["-n", testNamespace.name, "delete", "pod", (await gateways())[0], "--wait=false"]);
        return [first, await ask(), await ask()];
      },
    );
    for (const answer of answers) expect(answer).toContain("hello");
  });
});

describe("the pods of a supporting service", () => {
  test("run, and their problems are reported", async () => {
    const instance = { ...inputs, deployment: "gateway", selector: SELECTOR, timeoutSeconds: 60 };
    const created = await handle<{ outs: PodInstanceOutputs }>("PodInstance", "create", instance);
    expect(created.result.outs).toMatchObject({ state: "running", health: "healthy" });
    const image = { spec: { template: { spec: { containers: [{ name: CONTAINER, image: "no.such.example/x:1" }] } } } };
    await kubernetes.kubectl(["-n", testNamespace.name, "patch", "deployment", "gateway", "-p", JSON.stringify(image)]);
    await expect(
      handle("PodInstance", "update", "x", created.result.outs, { ...instance, generation: 2 }),
    ).rejects.toThrow(/gateway: failed, it does not start: container haproxy of pod gateway-.*no\.such\.example/);
  });
});

test("the deletion removes what Patroni created, and nothing else", async () => {
  const own = ["-n", testNamespace.name];
  for (const [name, cluster] of [
    ["shop-leader", "shop"],
    ["shop-config", "shop"],
    ["other-config", "other"],
  ]) {
    await kubernetes.kubectl([...own, "create", "configmap", name]);
    await kubernetes.kubectl([
      ...own,
      "label",
      "configmap",
      name,
      `pgharbor.cluster=${cluster}`,
      "pgharbor.role=member",
    ]);
  }
  await handle("PatroniStore", "delete", "x", { ...inputs, cluster: "shop" });
  const left = await kubernetes.kubectl([...own, "get", "configmaps", "-l", "pgharbor.role=member", "-o", "name"]);
  expect(left.trim()).toBe("configmap/other-config");
  // A deleted namespace contains nothing more.
  await handle("PatroniStore", "delete", "x", { ...inputs, kubernetes: { namespace: "h-gone" }, cluster: "shop" });
});

test("a Kubernetes other than the provider's is neither written, nor read, nor cleaned up", async () => {
  const own = ["-n", testNamespace.name];
  await kubernetes.kubectl([...own, "create", "serviceaccount", "shop-members"]);
  const { metadata } = await kubernetes.get<{ metadata: { uid: string } }>([...own, "serviceaccount", "shop-members"]);
  const of = (uid: string, name = "shop-members", namespace = testNamespace.name) => ({
    ...files,
    kubernetes: { ...inputs.kubernetes, namespace, account: { name, uid } },
  });
  const revision = async (at: object) =>
    (await handle<{ props: PodFilesOutputs }>("PodFiles", "read", "x", at)).result.props.revision;
  expect(await revision(of(metadata.uid))).toBe(files.revision);
  const error =
    /kubeconfig: connects to another Kubernetes cluster than the kubernetes provider, got https:.*, where there is (another|no) Service/;
  for (const at of [of("another"), of(metadata.uid, "nobody")]) {
    for (const method of ["create", "read", "update", "delete"]) {
      const args = { create: [at], read: ["x", at], update: ["x", files, at], delete: ["x", at] }[method]!;
      // An update that changes only the connection reads nothing.
      if (method === "update") args[2] = { ...at, labels: { more: "1" } };
      await expect(handle("PodFiles", method, ...args)).rejects.toThrow(error);
    }
  }
  expect(await revision(files)).toBe(files.revision);
  // Objects of a deleted namespace cannot be mistaken for others.
  await handle("PodFiles", "delete", "x", of("another", "shop-members", "h-gone"));
});

describe("claims", () => {
  const names = async () =>
    (await kubernetes.kubectl(["-n", testNamespace.name, "get", "pvc", "-o", "name"])).replaceAll(
      "persistentvolumeclaim/",
      "",
    );
  const memberClaim = (member: string, more: object = {}) => ({
    ...{ kubernetes: inputs.kubernetes, kubeconfig: inputs.kubeconfig },
    ...{ claim: `kept-${member}-data`, annotations: {}, size: "1Gi", owner: "shop", retain: true },
    labels: { "pgharbor.cluster": "kept", "pgharbor.role": "member", "pgharbor.member": member },
    ...more,
  });
  const annotate = (claim: string, annotation: string) =>
    kubernetes.kubectl(["-n", testNamespace.name, "annotate", "--overwrite", "pvc", claim, annotation]);

  test("that were retained are adopted only by the member that led last", async () => {
    for (const member of ["m1", "m2"]) {
      await handle("MemberClaim", "create", memberClaim(member));
      await handle("MemberClaim", "delete", "x", memberClaim(member));
    }
    const start = (member: string) =>
      handle("MemberClaim", "create", memberClaim(member, { bootstrapsCluster: "kept", owner: "another" }));
    await expect(start("m1")).rejects.toThrow(/kept-m1-data: may be older than other retained claims/);
    await annotate("kept-m2-data", "pgharbor.led-last=true");
    await expect(start("m1")).rejects.toThrow(/kept-m1-data: does not belong to the last leader/);
    await expect(start("m3")).rejects.toThrow(/kept-m3-data: would be new and start an empty cluster/);
    expect((await names()).trim().split("\n")).toEqual(["kept-m1-data", "kept-m2-data"]);
    await start("m2");
    await handle("MemberClaim", "delete", "x", memberClaim("m2"));
    // This is the command that the error names.
    await annotate("kept-m1-data", "pgharbor.led-last=true");
    await start("m1");
    // The annotation of the earlier leader must be gone as well.
    await handle("MemberClaim", "delete", "x", memberClaim("m1"));
    await expect(start("m2")).rejects.toThrow(/kept-m2-data: does not belong to the last leader/);
  });

  test("are not deleted with a Membership whose member still exists", async () => {
    const membership = {
      ...memberClaim("m2"),
      ...{ cluster: "kept", member: "kept-m2-0", before: [], deleteClaim: "kept-m2-data" },
    };
    const labels = { app: "kept" };
    const set = {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: { name: "kept-m2" },
      spec: {
        ...{ replicas: 0, serviceName: "kept", selector: { matchLabels: labels } },
        template: { metadata: { labels }, spec: { containers: [{ name: "patroni", image: images.gateway }] } },
      },
    };
    await kubernetes.kubectl(["-n", testNamespace.name, "apply", "-f", "-"], JSON.stringify(set));
    const kept = await handle("Membership", "delete", "x", membership);
    expect(kept.told).toContain("kept-m2-0 is still a member of kept");
    expect(await names()).toContain("kept-m2-data");
    await kubernetes.kubectl(["-n", testNamespace.name, "delete", "statefulset", "kept-m2"]);
    await handle("Membership", "delete", "x", membership);
    expect(await names()).not.toContain("kept-m2-data");
  });
});

test("a Secret can be deleted twice", async () => {
  await handle("PodFiles", "delete", "x", files);
  await handle("PodFiles", "delete", "x", files);
  expect((await handle<{ id: string }>("PodFiles", "read", "x", files)).result.id).toBe("");
});

test("errors of the connection contain no credential", async () => {
  const unreachable = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "a", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { token: "a-token-nobody-may-see" } }],
    contexts: [{ name: "c", context: { cluster: "a", user: "u" } }],
    "current-context": "c",
  };
  const files = (change: object) => handle("PodFiles", "create", { ...inputs, ...change });
  await expect(files({ kubeconfig: JSON.stringify(unreachable), kubernetes: { namespace: "x" } })).rejects.toThrow(
    /Kubernetes API server https:\/\/127\.0\.0\.1:1: could not read Secret x\/gateway-files: it does not answer/,
  );
  await expect(files({ kubernetes: { namespace: "h-nowhere" } })).rejects.toThrow(
    'kubernetes.namespace: there is no such namespace, got "h-nowhere"',
  );
  await expect(files({ kubernetes: { namespace: "x", context: "nope" } })).rejects.toThrow(
    'kubernetes.connection.context: is not a context of the kubeconfig, got "nope"',
  );
});
