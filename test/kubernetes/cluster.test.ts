import { readFileSync } from "node:fs";
import * as path from "node:path";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const images = JSON.parse(readFileSync(path.resolve(__dirname, "../../packages/pgharbor/images.json"), "utf8")) as {
  postgres: Record<string, string>;
};

const program = (namespace: string) => `
import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)} },
  members: 3,
  deletionProtection: false,
});
const owner = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
const database = new PgDatabase("shop", { target: cluster, owner: owner.username });
const sslRootCert = "/tmp/ca.crt";
export const uri = new ServiceBinding("shop-api", { user: owner, database, service: "primary", sslRootCert }).uri;
export const readOnlyUri = new ServiceBinding("shop-reports", { user: owner, database, service: "replica", sslRootCert }).uri;
export const caCertificate = cluster.caCertificate;
export const services = cluster.services;
`;

interface Outputs {
  uri: string;
  readOnlyUri: string;
  caCertificate: string;
  services: { name: string; host: string; port: number }[];
}
interface Pods {
  items: { metadata: { name: string; labels: Record<string, string> } }[];
}

/** A pod as a user's own: it knows the connection strings and the authority, and passes the restricted level. */
const client = (namespace: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "client", namespace },
  spec: {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 1,
    securityContext: { runAsNonRoot: true, runAsUser: 102, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "client",
        image: images.postgres["17"],
        command: ["sleep", "infinity"],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
    ],
  },
});

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

test("a cluster of three in a restricted namespace, its services, a planned move under load, and no trace of it after", () =>
  kubernetes.withNamespace(
    "cluster",
    async (namespace) => {
      const project = await pulumiProject({
        program: program(namespace),
        env: { KUBECONFIG: kubernetes.kubeconfig },
      });
      try {
        await project.up();
        await project.expectNoChanges();
        await project.refresh("--expect-no-changes");
        await check(project, namespace);
        await project.destroy();
        const left = await kubernetes.kubectl(["-n", namespace, "get", "configmap,secret,pvc,service", "-o", "name"]);
        expect(left.split("\n").filter((name) => name.includes("shop"))).toEqual([]);
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  ));

async function check(project: PulumiProject, namespace: string): Promise<void> {
  const outputs = await project.outputs<Outputs>();
  expect(outputs.services.map(({ name, host, port }) => `${name} ${host}:${port}`)).toEqual([
    `primary shop-primary.${namespace}.svc.cluster.local:5433`,
    `replica shop-replica.${namespace}.svc.cluster.local:5434`,
    `default shop-default.${namespace}.svc.cluster.local:5436`,
    `offline shop-offline.${namespace}.svc.cluster.local:5438`,
  ]);
  const run = (command: string, stdin?: string) =>
    kubernetes.kubectl(["-n", namespace, "exec", "-i", "client", "--", "sh", "-c", command], stdin);
  await kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify(client(namespace)));
  await kubernetes.kubectl(["-n", namespace, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s"]);
  for (const [file, text] of Object.entries({
    "ca.crt": outputs.caCertificate,
    uri: outputs.uri,
    "read-only-uri": outputs.readOnlyUri,
  }))
    await run(`cat > /tmp/${file}`, text);
  const ask = (file: string) => run(`psql -XAt "$(cat /tmp/${file})" -c 'select pg_is_in_recovery()'`);
  expect((await ask("uri")).trim()).toBe("f");
  expect((await ask("read-only-uri")).trim()).toBe("t");
  await secretsStayHidden(outputs, namespace);
  await noMoreRights(namespace);

  await run(`pgbench -i -q "$(cat /tmp/uri)"`);
  const bench = run(`pgbench -n -N -c 50 -j 2 -T 25 "$(cat /tmp/uri)"`);
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const before = await primaryOf(namespace);
  await kubernetes.kubectl(["-n", namespace, "delete", "pod", before, "--wait=false"]);
  const report = await bench;
  expect(report).toContain("number of failed transactions: 0 ");
  expect(report).not.toContain("aborted");
  expect(await primaryOf(namespace)).not.toBe(before);
}

async function primaryOf(namespace: string): Promise<string> {
  const pods = await kubernetes.get<Pods>(["pods", "-n", namespace, "-l", "pgharbor.cluster=shop,role=primary"]);
  return pods.items.map((pod) => pod.metadata.name).join(" ");
}

/** A password is in Secrets alone: not in a pod's definition, a ConfigMap, or a log. */
async function secretsStayHidden({ uri }: Outputs, namespace: string): Promise<void> {
  const password = new URL(uri).password;
  expect(password).toHaveLength(32);
  const shown = await kubernetes.kubectl([
    "-n",
    namespace,
    "get",
    "pods,statefulsets,deployments,configmaps",
    "-o",
    "yaml",
  ]);
  expect(shown).not.toContain(password);
  for (const member of ["m1", "m2", "m3"]) {
    const log = await kubernetes.kubectl(["-n", namespace, "logs", `shop-${member}-0`, "--all-containers"]);
    expect(log).not.toContain(password);
  }
}

/** Nothing beyond its own objects, by name where the API knows names. */
async function noMoreRights(namespace: string): Promise<void> {
  const can = async (...what: string[]) => {
    const as = `system:serviceaccount:${namespace}:shop-members`;
    const args = ["-n", namespace, "auth", "can-i", ...what, "--as", as];
    return (await kubernetes.kubectl(args).catch((error: Error) => error.message)).includes("yes");
  };
  expect(await can("patch", "configmaps/shop-leader")).toBe(true);
  expect(await can("patch", "configmaps/other")).toBe(false);
  expect(await can("deletecollection", "configmaps")).toBe(false);
  expect(await can("get", "secrets")).toBe(false);
  expect(await can("delete", "pods/shop-m1-0")).toBe(false);
}
