import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

jest.setTimeout(600_000);

const program = (namespace: string) => `
import { PostgresCluster } from "pgharbor";
new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)} }, members: 2, gateways: 1, deletionProtection: false,
});
`;

interface Pods {
  items: {
    metadata: { name: string };
    spec: { containers: { name: string; volumeMounts?: { mountPath: string }[] }[] };
  }[];
}

let kubernetes: KubernetesForTests;
let namespace: TestNamespace;
let project: PulumiProject;
let members: KubernetesMembers;

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  namespace = await inNamespace(kubernetes, "access", RESTRICTED);
  members = new KubernetesMembers(kubernetes, namespace.name, "shop");
  project = await pulumiProject({ program: program(namespace.name), env: { KUBECONFIG: kubernetes.kubeconfig } });
  await project.up();
});

afterAll(async () => {
  await project?.remove();
  await namespace?.remove();
});

/**
 * Returns the output of `kubectl auth can-i --list` for a service account, one line each: `resource [name] [verbs]`.
 */
async function rightsOf(account: string): Promise<string[]> {
  const as = `system:serviceaccount:${namespace.name}:${account}`;
  const table = await members.kubectl("auth", "can-i", "--list", "--no-headers", "--as", as);
  return table
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/))
    .filter((columns) => columns.length > 1)
    .map(([resource, ...rest]) => [resource, ...rest.filter((column) => column !== "[]")].join(" "))
    .sort();
}

test("members have exactly the rights that Patroni and the lease guard need, by object name where names are known", async () => {
  // Rights that every account has, such as listing its own rights.
  const anyone = await rightsOf("default");
  const own = (await rightsOf("shop-members")).filter((right) => !anyone.includes(right));
  const store = ["config", "failover", "failsafe", "leader", "sync"].map((suffix) => `shop-${suffix}`);
  expect(own).toEqual([
    "configmaps [create list watch]",
    ...store.map((name) => `configmaps [${name}] [get patch]`),
    "pods [list watch]",
    "pods [shop-m1-0] [patch]",
    "pods [shop-m2-0] [patch]",
  ]);
  const elsewhere = ["auth", "can-i", "list", "pods", "-n", "kube-system", "--as"];
  const as = `system:serviceaccount:${namespace.name}:shop-members`;
  expect(await kubernetes.kubectl([...elsewhere, as]).catch((error: Error) => error.message)).toMatch(/no$/);
});

test("these rights suffice: no request of a member that starts, leads, hands over or follows is denied", async () => {
  const before = await members.leader();
  await members.exec(before, "pgharbor-patroni", "switchover");
  const leader = await members.leader();
  expect(leader).not.toBe(before);
  await members.exec(before, "pgharbor-patroni", "switchover", "--to", before);
  const logs = await Promise.all(
    ["shop-m1-0", "shop-m2-0"].map((pod) => members.kubectl("logs", pod, "--all-containers")),
  );
  for (const log of logs) {
    expect(log).toContain("Lock owner");
    expect(log).not.toMatch(/forbidden|HTTP 403|\(403\)/i);
  }
});

test("only containers that call the API server have a token", async () => {
  const selector = "pgharbor.cluster=shop";
  const pods = await kubernetes.get<Pods>(["pods", "-n", namespace.name, "-l", selector]);
  const withToken = pods.items.flatMap(({ metadata, spec }) =>
    spec.containers
      .filter((c) => c.volumeMounts?.some((mount) => mount.mountPath.startsWith("/var/run/secrets/kubernetes.io")))
      .map((container) => `${metadata.name}/${container.name}`),
  );
  expect(withToken.sort()).toEqual([
    "shop-m1-0/lease-guard",
    "shop-m1-0/patroni",
    "shop-m2-0/lease-guard",
    "shop-m2-0/patroni",
  ]);
});
