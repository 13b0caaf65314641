import { clientPod } from "../support/client-pod";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

jest.setTimeout(600_000);

/** The client pods. A gateway sees a pod's own address, through a Service, too. */
type Pod = "home" | "away";

const program = (namespace: string, at: Record<Pod, string>) => `
import * as pulumi from "@pulumi/pulumi";
import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)} }, members: 1, gateways: 1, deletionProtection: false,
  hba: [
    { user: "app", db: "all", addr: "${at.home}/32", auth: "deny", services: ["primary", "replica"] },
    { user: "all", db: "all", addr: "${at.away}/32", auth: "deny", services: ["default"] },
  ],
});
const user = new PgUser("app", { target: cluster, username: "app" });
const database = new PgDatabase("shop", { target: cluster, owner: user.username });
const bind = (service: string) => new ServiceBinding(service, { user, database, service }).uri;
export const uris = pulumi.secret({ primary: bind("primary"), default: bind("default") });
`;

let kubernetes: KubernetesForTests;
let namespace: TestNamespace;
let project: PulumiProject;
let uris: Record<"primary" | "default", string>;

const kubectl = (...args: string[]) => kubernetes.kubectl(["-n", namespace.name, ...args]);

async function startPod(name: Pod): Promise<string> {
  const pod = clientPod(namespace.name, {});
  const named = { ...pod, metadata: { ...pod.metadata, name } };
  await kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify(named));
  await kubectl("wait", "--for=condition=Ready", `pod/${name}`, "--timeout=60s");
  return kubectl("get", "pod", name, "-o", "jsonpath={.status.podIP}");
}

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  namespace = await inNamespace(kubernetes, "hba", RESTRICTED);
  const at = { home: await startPod("home"), away: await startPod("away") };
  project = await pulumiProject({ program: program(namespace.name, at), env: { KUBECONFIG: kubernetes.kubeconfig } });
  await project.up();
  ({ uris } = await project.outputs<{ uris: typeof uris }>());
});

afterAll(async () => {
  await project?.remove();
  await namespace?.remove();
});

/**
 * Returns the answer to `select current_user`, or psql's error. The connection is encrypted; the certificate is not
 * verified.
 */
async function tried(pod: Pod, service: keyof typeof uris): Promise<string> {
  const uri = new URL(uris[service]);
  uri.search = "?sslmode=require";
  const query = `psql "$1" -XAtc "select current_user" 2>&1 || true`;
  return (await kubectl("exec", pod, "--", "sh", "-c", query, "sh", uri.href)).trim();
}

test("a pooled service refuses a user from one pod, and accepts the same user from another", async () => {
  expect(await tried("home", "primary")).toMatch(/login rejected/);
  expect(await tried("away", "primary")).toBe("app");
});

test("a direct service refuses every user from one pod, and none from another", async () => {
  expect(await tried("away", "default")).toMatch(/closed the connection unexpectedly|reset by peer|unexpected eof/i);
  expect(await tried("home", "default")).toBe("app");
});
