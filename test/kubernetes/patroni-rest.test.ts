import { ports } from "@pgharbor/core";
import { clientPod } from "../support/client-pod";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { images } from "../support/pinned-images";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

jest.setTimeout(600_000);

/** The node enforces no NetworkPolicy. Only certificates keep a pod from Patroni's REST API. */
const program = (namespace: string) => `
import { PgDatabase, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: {
    namespace: ${JSON.stringify(namespace)},
    networkPolicy: { monitoring: [{ podLabels: { app: "prometheus" } }] },
  },
  members: 2, gateways: 1, deletionProtection: false,
});
const owner = new PgUser("owner", { target: cluster, username: "owner" });
const database = new PgDatabase("app", { target: cluster, owner: owner.username });
const secret = { name: "shop-api" };
new ServiceBinding("shop-api", { user: owner, database, service: "primary", secret });
new SupportingService("idle", {
  target: cluster, database: database.databaseName, connectAs: owner, hosts: ["local"],
  image: ${JSON.stringify(images.postgres["17"])}, user: "102:104", command: ["sleep", "infinity"],
  healthcheck: { command: ["true"] },
});
`;

const READ = ["/config", "/cluster", "/history", "/patroni", "/metrics", "/primary", "/health", "/liveness"];

let kubernetes: KubernetesForTests;
let namespace: TestNamespace;
let project: PulumiProject;
let members: KubernetesMembers;

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  namespace = await inNamespace(kubernetes, "rest", RESTRICTED);
  project = await pulumiProject({ program: program(namespace.name), env: { KUBECONFIG: kubernetes.kubeconfig } });
  await project.up();
  members = new KubernetesMembers(kubernetes, namespace.name, "shop");
  const pod = clientPod(namespace.name, { shop: "shop-api", monitoring: "shop-monitoring" });
  await kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify(pod));
  await members.kubectl("wait", "--for=condition=Ready", "pod/client", "--timeout=60s");
});

afterAll(async () => {
  await project?.remove();
  await namespace?.remove();
});

/** Returns the statuses that curl in a pod gets from a member, by Service and by pod address; 0 for no answer. */
async function statuses(pod: string, path: string, ...more: string[]): Promise<number[]> {
  const own = (await members.addresses()).map(({ address }) => address);
  const hosts = ["shop-m1", "shop-m2", ...own];
  return Promise.all(
    hosts.map(async (host) => {
      const url = `https://${host}:${ports.patroni}${path}`;
      const curl = ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "5", ...more, url];
      // If TLS fails, curl fails and writes 000.
      return Number(await members.kubectl("exec", pod, "--", "sh", "-c", '"$@" || true', "sh", ...curl));
    }),
  );
}
const nothing = [0, 0, 0, 0];

test.each(["client", "deployment/shop-idle-local"])(
  "%s can read nothing from Patroni without a certificate",
  async (pod) => {
    for (const path of READ) expect([path, await statuses(pod, path)]).toEqual([path, nothing]);
  },
);

test("the credentials of a supporting service or a binding give no access either", async () => {
  const files = (pod: string, folder: string) => members.kubectl("exec", pod, "--", "ls", "-R", folder);
  // Neither has a private key. Both contain only an authority's certificate, a name and a password.
  expect(await files("deployment/shop-idle-local", "/run/pgharbor/connection")).not.toMatch(/\.key|identity/);
  expect(await files("client", "/bindings/shop")).not.toMatch(/\.key|identity/);
  const pair = await ownPair();
  const identity = ["--cert", `${pair}.crt`, "--key", `${pair}.key`];
  for (const path of READ) expect([path, await statuses("client", path, ...identity)]).toEqual([path, nothing]);
});

/** A key pair of the same form as the cluster's, signed by no authority of the cluster. */
async function ownPair(): Promise<string> {
  const pair = "/tmp/own";
  const subject = ["-subj", "/O=pgharbor", "-days", "1"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-keyout", `${pair}.key`, "-out", `${pair}.crt`];
  await members.kubectl("exec", "client", "--", "openssl", "req", "-x509", ...key, ...subject, ...files);
  return pair;
}

test("a pooler's certificate, which clients see, gives no access either; monitoring's may read but change nothing", async () => {
  const [gateway] = await members.pods("gateway");
  const read = async (file: string) => {
    const current = `/etc/pgharbor/current/${file}`;
    return members.kubectl("exec", gateway.metadata.name, "-c", "pooler-primary", "--", "cat", current);
  };
  for (const [name, file] of [
    ["crt", "tls.crt"],
    ["key", "tls.key"],
  ] as const)
    await kubernetes.kubectl(
      ["-n", namespace.name, "exec", "-i", "client", "--", "sh", "-c", `cat >/tmp/pooler.${name}`],
      await read(file),
    );
  const pooler = ["--cert", "/tmp/pooler.crt", "--key", "/tmp/pooler.key"];
  for (const path of READ) expect([path, await statuses("client", path, ...pooler)]).toEqual([path, nothing]);

  const monitoring = ["--cert", "/bindings/monitoring/tls.crt", "--key", "/bindings/monitoring/tls.key"];
  expect(await statuses("client", "/metrics", ...monitoring)).toEqual([200, 200, 200, 200]);
  const change = ["-X", "PATCH", "-d", JSON.stringify({ loop_wait: 9 })];
  expect(await statuses("client", "/config", ...monitoring, ...change)).toEqual([401, 401, 401, 401]);
});
