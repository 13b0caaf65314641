import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ensureKubernetes, findKubernetes } from "@pgharbor/toolchain";
import { quickstartCommand } from "../support/contract/quickstart-command";
import { quickstartOn } from "../support/contract/quickstart-on-kubernetes";
import { kubernetesForTests, type KubernetesForTests } from "../support/kubernetes-cluster";

jest.setTimeout(600_000);

/** A user's Kubernetes is used only if its context is named, never because a kubeconfig points to it. */
let kubernetes: KubernetesForTests;
const former = process.env.KUBECONFIG;
const silent = () => undefined;

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});
afterEach(() => {
  if (former === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = former;
});

describe("the current context of a kubeconfig", () => {
  let server: Server;
  let requests = 0;
  const folder = mkdtempSync(path.join(tmpdir(), "pgharbor-context-"));
  beforeAll(async () => {
    server = createServer((_, response) => response.writeHead(503).end()).on("connection", () => requests++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    requests = 0;
    const { port } = server.address() as AddressInfo;
    const file = path.join(folder, "kubeconfig");
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "prod", cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [],
      contexts: [{ name: "prod", context: { cluster: "prod", user: "" } }],
      "current-context": "prod",
    };
    writeFileSync(file, JSON.stringify(config));
    process.env.KUBECONFIG = file;
  });

  test("is not used unless it is named: the node of our own is", async () => {
    for (const found of [await ensureKubernetes(silent), await findKubernetes()])
      expect(found).toMatchObject({ origin: "own", context: kubernetes.context, kubeconfig: kubernetes.kubeconfig });
    expect(requests).toBe(0);
  });

  test("is used when it is named, and if it does not answer the error names it", async () => {
    await expect(ensureKubernetes(silent, { context: "prod" })).rejects.toThrow(
      /Kubernetes: context 'prod' of .*kubeconfig does not answer: /,
    );
    expect(requests).toBeGreaterThan(0);
  });
});

describe("a context that is named", () => {
  quickstartCommand(async () =>
    quickstartOn(kubernetes, {
      options: ["--context", kubernetes.context],
      env: { KUBECONFIG: kubernetes.kubeconfig },
    }),
  );
});
