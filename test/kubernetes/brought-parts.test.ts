import { withCertManager } from "../support/cert-manager";
import { clientPod } from "../support/client-pod";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { images } from "../support/pinned-images";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import type { PulumiFailure } from "../support/run-pulumi";
import { testAuthority } from "../support/test-certificates";

jest.setTimeout(1_800_000);

const LABELS = { team: "harbour", "example.com/cost-centre": "4711" };
const ANNOTATIONS = { "example.com/contact": "harbour master" };

const program = (namespace: string, apps: string, certificates: object = { issuer: "harbour" }) => `
import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding, SupportingService } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: {
    namespace: ${JSON.stringify(namespace)},
    passwordSecret: "shop-own-roles",
    certificates: ${JSON.stringify(certificates)},
    imagePullSecrets: ["registry"],
    labels: ${JSON.stringify(LABELS)},
    annotations: ${JSON.stringify(ANNOTATIONS)},
  },
  members: 2,
  gateways: 1,
  deletionProtection: false,
});
const owner = new PgUser("owner", { target: cluster, username: "owner", passwordSecret: { name: "owner-login" } });
const database = new PgDatabase("app", { target: cluster, owner: owner.username });
new PgService("audit", { cluster, port: 5435, destination: "postgres", checkPath: "/read-only" });
new SupportingService("side", {
  target: cluster, database: database.databaseName, connectAs: owner, image: ${JSON.stringify(images.postgres["17"])},
  user: "102:104", hosts: ["local"], command: ["sleep", "infinity"],
});
const secret = { namespace: ${JSON.stringify(apps)} };
const sslRootCert = "/bindings/db/ca.crt";
new ServiceBinding("app-db", { user: owner, database, sslRootCert, secret });
new ServiceBinding("app-audit", { user: owner, database, service: "audit", sslRootCert, secret });
export const caCertificate = cluster.caCertificate;
`;

interface Named {
  kind: string;
  metadata: {
    name: string;
    uid: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}
interface Pods {
  items: (Named & {
    spec: { imagePullSecrets?: { name: string }[] };
    status: { containerStatuses: { restartCount: number }[] };
  })[];
}
interface Secrets {
  items: (Named & { type: string; data?: Record<string, string> })[];
}

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

const apply = (...objects: object[]) =>
  kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
const secretOf = (namespace: string, name: string, stringData: Record<string, string>, type = "Opaque") => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type,
  stringData,
});

const PASSWORDS = { replication: "replicates-at-first", admin: "administers-at-first", rest: "rests-at-first!" };
let authority: { cert: string; key: string };

/** What a person has before there is a cluster. */
async function bring(namespace: string): Promise<void> {
  authority = await testAuthority("harbour authority");
  await apply(
    secretOf(namespace, "shop-own-roles", PASSWORDS),
    secretOf(namespace, "owner-login", { password: "owns-at-first" }),
    secretOf(namespace, "registry", { ".dockerconfigjson": '{"auths":{}}' }, "kubernetes.io/dockerconfigjson"),
    secretOf(namespace, "harbour-ca", { "tls.crt": authority.cert, "tls.key": authority.key }, "kubernetes.io/tls"),
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Issuer",
      metadata: { name: "harbour", namespace },
      spec: { ca: { secretName: "harbour-ca" } },
    },
  );
}

test("passwords, certificates, pull secrets, labels and annotations that a person brings, and bindings in another namespace", () =>
  kubernetes.withNamespace(
    "brought",
    (namespace) =>
      kubernetes.withNamespace(
        "apps",
        (apps) =>
          withCertManager(kubernetes, namespace, async () => {
            await bring(namespace);
            const project = await pulumiProject({
              program: program(namespace, apps),
              env: { KUBECONFIG: kubernetes.kubeconfig },
            });
            try {
              await project.up();
              await project.expectNoChanges();
              await project.refresh("--expect-no-changes");
              await check(project, namespace, apps);
              await project.destroy();
              await nothingIsLeft(namespace, apps);
            } finally {
              await project.remove();
            }
          }),
        RESTRICTED,
      ),
    RESTRICTED,
  ));

async function check(project: PulumiProject, namespace: string, apps: string): Promise<void> {
  await apply(clientPod(apps, { db: "app-db", audit: "app-audit" }));
  await kubernetes.kubectl(["-n", apps, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s"]);
  await bindingsWork(apps);
  await everythingIsLabelled(namespace, apps);
  expect((await project.outputs<{ caCertificate: string }>()).caCertificate.trim()).toBe(authority.cert.trim());
  await secretsStayHidden(project, namespace);
  await passwordsRotate(project, namespace, apps);
  await certificatesRenew(project, namespace);
  await project.write(program(namespace, apps, { clusterIssuer: "harbour-wide" }));
  await anotherIssuerSigns(project, namespace);
}

const run = (namespace: string, pod: string, container: string, command: string) =>
  kubernetes.kubectl(["-n", namespace, "exec", pod, "-c", container, "--", "sh", "-c", command]);
const psql = (apps: string, binding: string, sql: string, uri = `$(cat /bindings/${binding}/uri)`) =>
  run(apps, "client", "client", `psql -XAt "${uri}" -c "${sql}"`).then((text) => text.trim());

async function bindingsWork(apps: string): Promise<void> {
  const who = "select current_user, current_database(), pg_is_in_recovery()";
  expect(await psql(apps, "db", who)).toBe("owner|app|f");
  expect(await psql(apps, "audit", "select current_user, current_database()")).toBe("owner|app");
  // As a library puts it together from the entries.
  const parts = ["host", "port", "user:username", "dbname:database", "password", "sslmode"].map((part) => {
    const [key, file = key] = part.split(":");
    return `${key}=$(cat /bindings/db/${file})`;
  });
  const uri = `${parts.join(" ")} sslrootcert=/bindings/db/$(cat /bindings/db/sslrootcert)`;
  expect(await psql(apps, "db", "select 1", uri)).toBe("1");
  const { items } = await kubernetes.get<Secrets>(["secrets", "-n", apps]);
  expect(items.map((secret) => `${secret.metadata.name} ${secret.type}`).sort()).toEqual([
    "app-audit servicebinding.io/postgresql",
    "app-db servicebinding.io/postgresql",
  ]);
}

/** Kubernetes' own controllers make these, from what has our labels, or without any. */
const NOT_OURS = /^(endpoints|endpointslices|events|controllerrevisions|replicasets|leases|orders|challenges)(\.|$)/;
const BROUGHT = /^(shop-own-roles|owner-login|registry|harbour|harbour-ca|kube-root-ca.crt|default|client)$/;

async function everythingIsLabelled(namespace: string, apps: string): Promise<void> {
  const kinds = (await kubernetes.kubectl(["api-resources", "--namespaced", "--verbs=list,delete", "-o", "name"]))
    .split("\n")
    .filter((kind) => kind !== "" && !NOT_OURS.test(kind));
  const found: Named[] = [];
  for (const where of [namespace, apps])
    found.push(...(await kubernetes.get<{ items: Named[] }>([kinds.join(","), "-n", where])).items);
  const ours = found.filter(({ metadata }) => !BROUGHT.test(metadata.name));
  // Patroni's own, and the requests of cert-manager.
  const made = ours.filter(({ kind, metadata }) => {
    const isPatronis = kind === "ConfigMap" && /^shop-(config|failover|failsafe|leader|sync)$/.test(metadata.name);
    return !isPatronis && kind !== "CertificateRequest";
  });
  expect([...new Set(made.map(({ kind }) => kind))].sort()).toEqual([
    "Certificate",
    "Deployment",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "Pod",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
  ]);
  const bare = made.filter(({ metadata: { labels = {}, annotations = {} } }) => {
    const isMarked = Object.entries(LABELS).every(([key, value]) => labels[key] === value);
    const isAnnotated = Object.entries(ANNOTATIONS).every(([key, value]) => annotations[key] === value);
    return !isMarked || !isAnnotated || labels["pgharbor.cluster"] !== "shop";
  });
  expect(bare.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
  const pods = await kubernetes.get<Pods>(["pods", "-n", namespace]);
  expect(pods.items.map((pod) => pod.metadata.name.replace(/-[0-9a-f]+-\w{5}$/, "")).sort()).toEqual([
    "shop-audit-gateway",
    "shop-gateway",
    "shop-m1-0",
    "shop-m2-0",
    "shop-side-local",
  ]);
  for (const pod of pods.items) expect(pod.spec.imagePullSecrets).toEqual([{ name: "registry" }]);
}

/** In Secrets, and encrypted in the state; nowhere else. */
async function secretsStayHidden(project: PulumiProject, namespace: string): Promise<void> {
  const state = await project.export();
  const preview = (await project.preview("--diff")).stdout;
  const objects = "pods,statefulsets,deployments,configmaps,certificates,services";
  const shown = await kubernetes.kubectl(["-n", namespace, "get", objects, "-o", "yaml"]);
  for (const password of [...Object.values(PASSWORDS), "owns-at-first", "PRIVATE KEY"])
    expect([state, preview, shown].filter((text) => text.includes(password))).toEqual([]);
}

async function passwordsRotate(project: PulumiProject, namespace: string, apps: string): Promise<void> {
  const before = await kubernetes.lives(namespace);
  await apply(
    secretOf(namespace, "shop-own-roles", {
      replication: "replicates-now",
      admin: "administers-now",
      rest: "rests-now",
    }),
    secretOf(namespace, "owner-login", { password: "owns-it-now" }),
  );
  expect((await project.previewJson()).changeSummary.update).toBeGreaterThan(0);
  await project.up();
  await project.expectNoChanges();
  // The binding's Secret is another now; a pod that is there sees it within a minute or so.
  const { uri } = (await decoded(apps, "app-db")) as { uri: string };
  expect(uri).toContain("owns-it-now");
  expect(await psql(apps, "db", "select current_user", uri)).toBe("owner");
  const old = uri.replace("owns-it-now", "owns-at-first");
  await expect(psql(apps, "db", "select 1", old)).rejects.toThrow(/password authentication failed|SASL/);
  await streams(namespace);
  // A replica that has to come back needs the new one.
  await kubernetes.kubectl(["-n", namespace, "delete", "pod", await podOf(namespace, "replica")]);
  await streams(namespace);
  const files = await run(namespace, "shop-m1-0", "patroni", "cat /etc/pgharbor/current/patroni/00-member.yml");
  expect(files).toContain("replicates-now");
  expect(files).toContain("rests-now");
  const after = await kubernetes.lives(namespace);
  expect(Object.keys(after).filter((pod) => before[pod] === after[pod]).length).toBeGreaterThanOrEqual(3);
}

async function streams(namespace: string): Promise<void> {
  const sql = "select count(*) from pg_stat_replication where state = 'streaming'";
  const deadline = Date.now() + 90_000;
  for (let seen = ""; ;) {
    try {
      const primary = await podOf(namespace, "primary");
      seen = await run(namespace, primary, "patroni", `psql -XAt -h /run/postgresql -U postgres -c "${sql}"`);
    } catch (error) {
      seen = (error as Error).message;
    }
    if (seen.trim() === "1") return;
    if (Date.now() > deadline) throw new Error(`the replica does not stream: ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function podOf(namespace: string, role: string): Promise<string> {
  const { items } = await kubernetes.get<Pods>(["pods", "-n", namespace, "-l", `pgharbor.cluster=shop,role=${role}`]);
  return items[0]!.metadata.name;
}

async function decoded(namespace: string, name: string): Promise<Record<string, string>> {
  const { data = {} } = await kubernetes.get<Secrets["items"][0]>(["secret", name, "-n", namespace]);
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}

/** cert-manager makes a new one when its Secret is gone, as when its time comes. */
async function certificatesRenew(project: PulumiProject, namespace: string): Promise<void> {
  const before = await kubernetes.lives(namespace);
  const old = (await decoded(namespace, "shop-m1-tls"))["tls.crt"]!;
  await kubernetes.kubectl(["-n", namespace, "delete", "secret", "shop-m1-tls"]);
  await project.up();
  await project.expectNoChanges();
  const renewed = (await decoded(namespace, "shop-m1-tls"))["tls.crt"]!;
  expect(renewed).not.toBe(old);
  expect(await run(namespace, "shop-m1-0", "patroni", "cat /etc/pgharbor/current/tls.crt")).toBe(renewed);
  // As Postgres and Patroni present it.
  for (const [port, more] of [
    ["5432", "-starttls postgres"],
    ["8008", ""],
  ]) {
    const ask = `openssl s_client -connect 127.0.0.1:${port} ${more} -CAfile /etc/pgharbor/current/ca.crt -verify_return_error </dev/null 2>/dev/null | openssl x509`;
    expect((await run(namespace, "shop-m1-0", "patroni", ask)).trim()).toBe(renewed.split("\n\n")[0]!.trim());
  }
  expect(await kubernetes.lives(namespace)).toEqual(before);
}

/** Of the same authority, as when a team moves to the organisation's: everything gets a new certificate, and nothing restarts. */
async function anotherIssuerSigns(project: PulumiProject, namespace: string): Promise<void> {
  await apply({
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: { name: "harbour-wide" },
    spec: { ca: { secretName: "harbour-ca" } },
  });
  const before = await kubernetes.lives(namespace);
  const old = await decoded(namespace, "shop-m1-tls");
  await project.up();
  await project.expectNoChanges();
  const { metadata } = await kubernetes.get<Named>(["secret", "shop-m1-tls", "-n", namespace]);
  expect(metadata.annotations).toMatchObject({
    "cert-manager.io/issuer-kind": "ClusterIssuer",
    "cert-manager.io/issuer-name": "harbour-wide",
  });
  const renewed = (await decoded(namespace, "shop-m1-tls"))["tls.crt"]!;
  expect(renewed).not.toBe(old["tls.crt"]);
  expect(await run(namespace, "shop-m1-0", "patroni", "cat /etc/pgharbor/current/tls.crt")).toBe(renewed);
  expect(await kubernetes.lives(namespace)).toEqual(before);
}

async function nothingIsLeft(namespace: string, apps: string): Promise<void> {
  const kinds =
    "configmap,secret,pvc,service,serviceaccount,networkpolicy,certificate,pdb,role,rolebinding,deployment,statefulset";
  const left = async (where: string) =>
    (await kubernetes.kubectl(["-n", where, "get", kinds, "-o", "name"]))
      .split("\n")
      .filter((name) => name !== "" && !BROUGHT.test(name.split("/")[1]!));
  expect(await left(namespace)).toEqual([]);
  expect(await left(apps)).toEqual([]);
}

test("an issuer that is not there, a cert-manager that is not, and a Secret that lacks a name, each end in one clear error", () =>
  kubernetes.withNamespace("wrong", async (namespace) => {
    const cluster = (kubernetesArgs: object) => `
      import { PostgresCluster } from "pgharbor";
      new PostgresCluster("shop", {
        kubernetes: ${JSON.stringify({ namespace, ...kubernetesArgs })}, members: 1, gateways: 1, deletionProtection: false,
      });`;
    const project = await pulumiProject({ program: "", env: { KUBECONFIG: kubernetes.kubeconfig } });
    const failureOf = async (args: object): Promise<string> => {
      await project.write(cluster(args));
      const failure = (await project.up().catch((e: unknown) => e)) as PulumiFailure;
      return failure.stdout + failure.stderr;
    };
    try {
      // Nothing of cert-manager at all: the API server knows no Certificate.
      expect(await failureOf({ certificates: { issuer: "harbour" } })).toMatch(
        /no matches for kind "Certificate"|Certificate.*cert-manager\.io\/v1/,
      );
      await withCertManager(kubernetes, namespace, async () => {
        expect(await failureOf({ certificates: { issuer: "nobody" } })).toMatch(
          /kubernetes\.certificates\.issuer: "nobody" has not made a certificate .*not found/,
        );
      });
      await apply(secretOf(namespace, "own", { "tls.crt": "x", "tls.key": "y" }));
      expect(await failureOf({ certificates: { secret: "own" } })).toContain(
        `kubernetes.certificates.secret: Secret "${namespace}/own" has no certificate in PEM at the key "tls.crt"; correct the Secret`,
      );
      expect(await failureOf({ passwordSecret: "none" })).toContain(
        `kubernetes.passwordSecret: there is no Secret "${namespace}/none"; make one with passwords at keys of admin,`,
      );
    } finally {
      await project.remove();
    }
  }));
