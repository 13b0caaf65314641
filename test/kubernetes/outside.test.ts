import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { failureOf, withClient } from "../support/connect";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import type { PulumiFailure } from "../support/run-pulumi";
import { signedBy, testAuthority, type KeyPair } from "../support/test-certificates";

jest.setTimeout(1_200_000);

const HOST = "db.example.com";
const NODE_PORT = 30_436;

const program = (namespace: string, address: string, sourceRange: string) => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("shop", {
    kubernetes: {
      namespace: ${JSON.stringify(namespace)}, certificates: { secret: "own" }, ${address && `connection: { address: ${JSON.stringify(address)} },`}
    },
    members: 1, gateways: 1, deletionProtection: false, tls: { hostnames: [${JSON.stringify(HOST)}] },
    services: [
      { name: "primary", port: 5433, checkPath: "/primary", kubernetes: {
          type: "LoadBalancer", annotations: { "example.com/balancer": "internal" }, sourceRanges: [${JSON.stringify(sourceRange)}],
      } },
      { name: "default", port: 5436, destination: "postgres", checkPath: "/primary", kubernetes: { type: "NodePort", nodePort: ${NODE_PORT} } },
    ],
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding(service, { user: owner, database, service }).uri;
  export const uris = { primary: bind("primary"), default: bind("default") };
`;

interface Outputs {
  uris: { primary: string; default: string };
}
interface Service {
  metadata: { annotations?: Record<string, string> };
  status: { loadBalancer: { ingress?: { ip: string }[] } };
}

let kubernetes: KubernetesForTests;
let authority: KeyPair;
/** The node's address, where this machine reaches it from outside all pods. */
let node: string;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  authority = await testAuthority("harbour authority");
  const { items } = await kubernetes.get<{ items: { status: { addresses: { address: string }[] } }[] }>(["nodes"]);
  node = items[0].status.addresses[0].address;
});

test("a cluster with the user's certificate, a load balancer, SQL by address, and a namespace that someone deletes", () =>
  kubernetes.withNamespace(
    "outside",
    async (namespace) => {
      const project = await pulumiProject({ program: "", env: { KUBECONFIG: kubernetes.kubeconfig } });
      const balancer = loadBalancer(namespace);
      try {
        await lacksNames(project, namespace);
        await reachesNobody(project, namespace);
        await project.write(program(namespace, `${node}:${NODE_PORT}`, `${node}/32`));
        await project.up();
        await project.expectNoChanges();
        await project.refresh("--expect-no-changes");
        await answersOutside(project, namespace);
        await takesOverARenewal(project, namespace);
        await letsInWhoIsNamed(project, namespace);
        await forgetsADeletedNamespace(project, namespace);
      } finally {
        balancer.stop();
        await project.remove();
      }
    },
    RESTRICTED,
  ));

/** Plays a cloud's controller: gives each Service of type LoadBalancer an address, here the node's. */
function loadBalancer(namespace: string): { stop(): void } {
  const status = JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: node }] } } });
  const give = async () => {
    const service = await kubernetes.get<Service>(["service", "shop-primary", "-n", namespace]);
    if (service.status.loadBalancer.ingress === undefined)
      await kubernetes.kubectl([
        "-n",
        namespace,
        "patch",
        "service/shop-primary",
        "--subresource=status",
        "-p",
        status,
      ]);
  };
  const timer = setInterval(() => void give().catch(() => undefined), 2000);
  return { stop: () => clearInterval(timer) };
}

const shown = async (project: PulumiProject): Promise<string> => {
  const failure = (await project.up().catch((error: unknown) => error)) as PulumiFailure;
  return failure.stdout + failure.stderr;
};

async function bringCertificate(namespace: string, names: string[]): Promise<KeyPair> {
  const { cert, key } = await signedBy(authority, names);
  const stringData = { "tls.crt": cert, "tls.key": key, "ca.crt": authority.cert };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "own", namespace }, stringData };
  await kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify(secret));
  return { cert, key };
}

let names: string[];

/** The error lists all the names that the next certificate needs. */
async function lacksNames(project: PulumiProject, namespace: string): Promise<void> {
  await bringCertificate(namespace, [HOST]);
  await project.write(program(namespace, `${node}:${NODE_PORT}`, `${node}/32`));
  const failed = await shown(project);
  const [, missingNames] = /without the names (.*); it has db\.example\.com/.exec(failed) ?? [];
  if (missingNames === undefined) throw new Error(`it does not say which names are lacking:\n${failed}`);
  names = [HOST, ...missingNames.split(", ")];
  expect(names).toEqual(expect.arrayContaining(["shop-m1", `shop-primary.${namespace}.svc.cluster.local`]));
  expect((await kubernetes.kubectl(["-n", namespace, "get", "pods", "-o", "name"])).trim()).toBe("");
}

/** SQL uses this address, and no port-forward. */
async function reachesNobody(project: PulumiProject, namespace: string): Promise<void> {
  await bringCertificate(namespace, names);
  await project.write(program(namespace, "127.0.0.1:1", `${node}/32`));
  expect(await shown(project)).toMatch(/127\.0\.0\.1:1\b.*ECONNREFUSED|ECONNREFUSED.*127\.0\.0\.1:1\b/);
}

async function answersOutside(project: PulumiProject, namespace: string): Promise<void> {
  const { uris } = await project.outputs<Outputs>();
  expect(uris.primary).toContain(`@${HOST}:5433/app`);
  expect(uris.default).toContain(`@${HOST}:${NODE_PORT}/app`);
  for (const uri of Object.values(uris)) {
    const { rows } = await asOutside(uri);
    expect(rows).toEqual([{ who: "app_owner", replica: false }]);
  }
  const { metadata } = await kubernetes.get<Service>(["service", "shop-primary", "-n", namespace]);
  expect(metadata.annotations).toMatchObject({ "example.com/balancer": "internal" });
}

/** Connects by the name in the string, which this machine's DNS does not know. */
const asOutside = (uri: string) =>
  withClient(
    uri,
    authority.cert,
    (client) => client.query("select current_user as who, pg_is_in_recovery() as replica"),
    { host: node, ssl: { ca: authority.cert, servername: HOST }, connectionTimeoutMillis: 5000 },
  );

async function takesOverARenewal(project: PulumiProject, namespace: string): Promise<void> {
  const before = await kubernetes.lives(namespace);
  const { cert } = await bringCertificate(namespace, names);
  expect((await project.previewJson()).changeSummary.update).toBeGreaterThan(0);
  await project.up();
  await project.expectNoChanges();
  const ask = `openssl s_client -connect 127.0.0.1:5432 -starttls postgres -CAfile /etc/pgharbor/current/ca.crt -verify_return_error </dev/null 2>/dev/null | openssl x509`;
  const command = ["exec", "shop-m1-0", "-c", "patroni", "--", "sh", "-c", ask];
  expect((await kubernetes.kubectl(["-n", namespace, ...command])).trim()).toBe(cert.trim());
  await answersOutside(project, namespace);
  expect(await kubernetes.lives(namespace)).toEqual(before);
}

/** kube-proxy enforces the source ranges of a load balancer. */
async function letsInWhoIsNamed(project: PulumiProject, namespace: string): Promise<void> {
  const before = await kubernetes.lives(namespace);
  const { uris } = await project.outputs<Outputs>();
  await project.write(program(namespace, `${node}:${NODE_PORT}`, "192.0.2.0/24"));
  await project.up();
  await project.expectNoChanges();
  expect(await failureOf(asOutside(uris.primary))).toMatch(/timeout|ECONNREFUSED/);
  expect((await asOutside(uris.default)).rows).toHaveLength(1);
  expect(await kubernetes.lives(namespace)).toEqual(before);
}

/**
 * Someone deletes the namespace. A refresh finds that nothing is left, and the stack can be destroyed or created again.
 */
async function forgetsADeletedNamespace(project: PulumiProject, namespace: string): Promise<void> {
  await project.write(program(namespace, "", `${node}/32`));
  await project.up();
  // Kubernetes checks the pods again only after half of their longest grace period, which is a member's 610 s.
  await kubernetes.kubectl(["delete", "namespace", namespace, "--wait", "--timeout=400s"]);
  await project.refresh();
  const types = (await project.resources()).map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("kubernetes:"))).toEqual([]);
  const ours = /dynamic\/pgharbor:(PodFiles|MemberClaim|Patroni|PgRole|PgDatabase)$/;
  expect(types.filter((type) => ours.test(type))).toEqual([]);
  await project.destroy();
}
