import { startCertManager, type CertManager } from "../cert-manager";
import { clientPod } from "../client-pod";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../kubernetes-cluster";
import { images } from "../pinned-images";
import { pulumiProject, type PulumiProject } from "../pulumi-project";
import { testAuthority } from "../test-certificates";
import { inNamespace, type TestNamespace } from "../test-namespace";

export const LABELS = { team: "harbour", "example.com/cost-centre": "4711" };
export const ANNOTATIONS = { "example.com/contact": "harbour master" };

const programOf = (namespace: string, apps: string, certificates: object = { issuer: "harbour" }) => `
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

export interface Named {
  kind: string;
  metadata: {
    name: string;
    uid: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}
export interface Pods {
  items: (Named & {
    spec: { imagePullSecrets?: { name: string }[] };
    status: { containerStatuses: { restartCount: number }[] };
  })[];
}
export interface Secrets {
  items: (Named & { type: string; data?: Record<string, string> })[];
}

/** Passwords of the cluster's own roles, and of the database owner. */
export const PASSWORDS = { replication: "replicates-at-first", admin: "administers-at-first", rest: "rests-at-first!" };
export const OWNER_PASSWORD = "owns-at-first";

export const secretOf = (namespace: string, name: string, stringData: Record<string, string>, type = "Opaque") => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace },
  type,
  stringData,
});

/** A cluster with passwords, certificates and names that the user brings, and a client in another namespace. */
export class BroughtCluster {
  authority!: { cert: string; key: string };
  project!: PulumiProject;
  certManager!: CertManager;

  private constructor(
    readonly kubernetes: KubernetesForTests,
    private readonly home: TestNamespace,
    private readonly away: TestNamespace,
  ) {}

  static async up(): Promise<BroughtCluster> {
    const kubernetes = await kubernetesForTests();
    const home = await inNamespace(kubernetes, "brought", RESTRICTED);
    const cluster = new BroughtCluster(kubernetes, home, await inNamespace(kubernetes, "apps", RESTRICTED));
    try {
      cluster.certManager = await startCertManager(kubernetes, home.name);
      await cluster.bring();
      const env = { KUBECONFIG: kubernetes.kubeconfig };
      cluster.project = await pulumiProject({ program: programOf(cluster.namespace, cluster.apps), env });
      await cluster.certManager.explain(() => cluster.project.up());
      await cluster.apply(clientPod(cluster.apps, { db: "app-db", audit: "app-audit" }));
      await kubernetes.kubectl(["-n", cluster.apps, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s"]);
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  get namespace(): string {
    return this.home.name;
  }
  /** The namespace for the bindings' Secrets and the client that mounts them. */
  get apps(): string {
    return this.away.name;
  }

  /** If one removal fails, the others still run. */
  async remove(): Promise<void> {
    const manager = this.certManager && { remove: () => this.certManager.stop() };
    const failures: Error[] = [];
    for (const one of [this.project, manager, this.away, this.home])
      await one?.remove().catch((error: Error) => failures.push(error));
    if (failures[0] !== undefined) throw failures[0];
  }

  apply = (...objects: object[]): Promise<string> => applyTo(this.kubernetes, ...objects);
  lives = (): Promise<Record<string, string>> => this.kubernetes.lives(this.namespace);

  certificatesFrom = (certificates: object): Promise<void> =>
    this.project.write(programOf(this.namespace, this.apps, certificates));

  exec = (namespace: string, pod: string, container: string, command: string): Promise<string> =>
    this.kubernetes.kubectl(["-n", namespace, "exec", pod, "-c", container, "--", "sh", "-c", command]);
  inMember = (pod: string, command: string): Promise<string> => this.exec(this.namespace, pod, "patroni", command);

  async psql(binding: string, sql: string, uri = `$(cat /bindings/${binding}/uri)`): Promise<string> {
    return (await this.exec(this.apps, "client", "client", `psql -XAt "${uri}" -c "${sql}"`)).trim();
  }

  async podOf(role: string): Promise<string> {
    const selector = `pgharbor.cluster=shop,role=${role}`;
    const { items } = await this.kubernetes.get<Pods>(["pods", "-n", this.namespace, "-l", selector]);
    return items[0].metadata.name;
  }

  /** Decodes the entries of a Secret. */
  async decoded(namespace: string, name: string): Promise<Record<string, string>> {
    const { data = {} } = await this.kubernetes.get<Secrets["items"][0]>(["secret", name, "-n", namespace]);
    return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
  }

  /** Objects that the user creates before the cluster. */
  private async bring(): Promise<void> {
    const { namespace } = this;
    const { cert, key } = (this.authority = await testAuthority("harbour authority"));
    await this.apply(
      secretOf(namespace, "shop-own-roles", PASSWORDS),
      secretOf(namespace, "owner-login", { password: OWNER_PASSWORD }),
      secretOf(namespace, "registry", { ".dockerconfigjson": '{"auths":{}}' }, "kubernetes.io/dockerconfigjson"),
      secretOf(namespace, "harbour-ca", { "tls.crt": cert, "tls.key": key }, "kubernetes.io/tls"),
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Issuer",
        metadata: { name: "harbour", namespace },
        spec: { ca: { secretName: "harbour-ca" } },
      },
    );
  }
}

export const applyTo = (kubernetes: KubernetesForTests, ...objects: object[]): Promise<string> =>
  kubernetes.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
