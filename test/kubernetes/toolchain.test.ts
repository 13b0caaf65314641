import {
  ensureDocker,
  ensureImages,
  loadImages,
  runningComponents,
  startComponent,
  stopComponent,
} from "@pgharbor/toolchain";
import { type KubernetesForTests, kubernetesForTests, RESTRICTED } from "../support/kubernetes-cluster";

jest.setTimeout(300_000);

const silent = () => undefined;
let cluster: KubernetesForTests;
let image: string;
beforeAll(async () => {
  cluster = await kubernetesForTests();
  const { client } = await ensureDocker(silent);
  image = (await ensureImages(client, {}, silent)).postgres["17"]!;
  await loadImages(cluster, client, [image], silent);
}, 1_800_000);

interface Condition {
  type: string;
  status: string;
}
interface Claim {
  spec: { volumeName: string };
  status: { phase: string; capacity?: { storage: string } };
}

/** A pod that passes the restricted level and does nothing, with a claim's volume if `claim` is given. */
function pod(name: string, claim?: string) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["sleep", "600"],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: claim ? [{ name: "data", mountPath: "/data" }] : [],
        },
      ],
      volumes: claim ? [{ name: "data", persistentVolumeClaim: { claimName: claim } }] : [],
    },
  };
}

function claimOf(name: string, storageClassName?: string) {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name },
    spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Gi" } } },
  };
}

/** Runs kubectl in one namespace. */
function within(namespace: string) {
  const run = (...args: string[]) => cluster.kubectl(["-n", namespace, ...args]);
  return {
    run,
    apply: (...items: object[]) =>
      cluster.kubectl(["-n", namespace, "apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items })),
    ready: (name: string) => run("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s"),
    expand: (claim: string, storage: string) =>
      run("patch", "pvc", claim, "-p", JSON.stringify({ spec: { resources: { requests: { storage } } } })),
    claim: (name: string) => cluster.get<Claim>(["-n", namespace, "pvc", name]),
  };
}

async function eventually<T>(read: () => Promise<T>, wanted: (value: T) => boolean, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await read();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s it is still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

test("there is one node, it is ready, and it is distinguished from a user's contexts", async () => {
  const { items } = await cluster.get<{ items: { status: { conditions: Condition[] } }[] }>(["nodes"]);
  expect(items).toHaveLength(1);
  expect(items[0].status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
  expect(cluster).toMatchObject({ origin: "own", context: "pgharbor", version: "v1.33.0" });
});

test("a pod resolves a Service and connects to it; so does this machine", async () => {
  await cluster.withNamespace("toolchain", async (namespace) => {
    const { apply, ready, run } = within(namespace);
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: { app: "server" }, ports: [{ port: 80, targetPort: 8000 }] },
    };
    const server = pod("server");
    server.spec.containers[0].command = ["python3", "-m", "http.server", "8000", "--directory", "/etc/alternatives"];
    await apply(server, service, pod("client"));
    await Promise.all([ready("server"), ready("client")]);
    const resolved = await run("exec", "client", "--", "getent", "hosts", `web.${namespace}.svc.cluster.local`);
    const { spec } = await cluster.get<{ spec: { clusterIP: string } }>(["-n", namespace, "service", "web"]);
    expect(resolved).toContain(spec.clusterIP);
    const ask = `import urllib.request as u; print(u.urlopen("http://web/", timeout=5).status)`;
    await eventually(
      () => run("exec", "client", "--", "python3", "-c", ask).catch(String),
      (status) => status.trim() === "200",
    );
    expect((await fetch(`http://${spec.clusterIP}/`)).status).toBe(200);
  });
});

test("a claim binds, its pod writes to it, it is expanded, and its volume is deleted with it", async () => {
  await cluster.withNamespace("toolchain", async (namespace) => {
    const { apply, ready, run, expand, claim } = within(namespace);
    await apply(claimOf("open"), claimOf("owned", "localdir-owned"), pod("a", "open"), pod("b", "owned"));
    await Promise.all([ready("a"), ready("b")]);
    for (const name of ["a", "b"]) await run("exec", name, "--", "sh", "-c", "echo here > /data/file");
    expect(await run("exec", "b", "--", "stat", "-c", "%u:%g", "/data")).toBe("0:1000\n");

    for (const name of ["open", "owned"]) await expand(name, "2Gi");
    const grown = await eventually(
      () => claim("open"),
      ({ status }) => status.capacity?.storage === "2Gi",
    );
    const volume = grown.spec.volumeName;
    const { spec } = await cluster.get<{ spec: { capacity: { storage: string } } }>(["pv", volume]);
    expect(spec.capacity.storage).toBe("2Gi");

    await run("delete", "pod", "a");
    await run("delete", "pvc", "open");
    await eventually(
      () => cluster.kubectl(["get", "pv", volume, "--ignore-not-found"]),
      (left) => left === "",
    );
  });
});

test("a StorageClass without expansion refuses it", async () => {
  await cluster.withNamespace("toolchain", async (namespace) => {
    const { apply, ready, expand } = within(namespace);
    await apply(claimOf("fixed", "localdir-fixed"), pod("a", "fixed"));
    await ready("a");
    await expect(expand("fixed", "2Gi")).rejects.toThrow(/must support resize/);
  });
});

test("a restricted namespace refuses a privileged pod and accepts an ordinary one", async () => {
  const work = async (namespace: string) => {
    const { apply, ready } = within(namespace);
    const privileged = pod("bad");
    Object.assign(privileged.spec.containers[0], { securityContext: { privileged: true } });
    await expect(apply(privileged)).rejects.toThrow(/violates PodSecurity "restricted/);
    await apply(pod("good"));
    await ready("good");
  };
  await cluster.withNamespace("toolchain", work, RESTRICTED);
});

test("images that the node has are not imported again", async () => {
  const { client } = await ensureDocker(silent);
  const lines: string[] = [];
  await loadImages(cluster, client, [image, image], (line) => lines.push(line));
  expect(lines).toEqual([]);
});

test("a stopped component is started again with the same command line", async () => {
  const before = runningComponents();
  expect(Object.keys(before)).toHaveLength(7);
  await stopComponent("scheduler");
  try {
    expect(runningComponents().scheduler).toBeUndefined();
    await cluster.withNamespace("toolchain", async (namespace) => {
      const { apply, ready, run } = within(namespace);
      await apply(pod("waiting"));
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(await run("get", "pod", "waiting", "-o", "jsonpath={.spec.nodeName}")).toBe("");
      await startComponent("scheduler");
      await ready("waiting");
    });
  } finally {
    await startComponent("scheduler");
  }
  const { scheduler, ...others } = runningComponents();
  expect(scheduler).not.toBe(before.scheduler);
  expect({ ...others, scheduler: before.scheduler }).toEqual(before);
});
