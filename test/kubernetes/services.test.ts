import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_200_000);

const program = (namespace: string, more: string) => `
  import { PgDatabase, PgService, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("shop", {
    kubernetes: { namespace: ${JSON.stringify(namespace)} },
    members: 1, gateways: 1, deletionProtection: false, tls: { hostnames: ["db.example.com"] },
    services: [{ name: "replica", port: 5434, kubernetes: { type: "NodePort", annotations: { "example.com/of": "replica" } } }],
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding(service, {
    user: owner, database, service, internal: true, sslRootCert: "/etc/pgharbor/current/ca.crt",
  }).uri;
  export const services = cluster.services;
  export const uris: Record<string, any> = { primary: bind("primary"), default: bind("default") };
  ${more}
`;
const added = (audit: string) => `
  const audit = new PgService("audit", { cluster, port: 5435, destination: "postgres", checkPath: "/primary", ${audit} });
  const jobs = new PgService("jobs", { cluster, port: 5440, checkPath: "/primary", pool: { mode: "session", size: 3 } });
  export const endpoints = [audit.endpoint, jobs.endpoint];
  uris.audit = bind("audit");
  uris.jobs = bind("jobs");`;

interface Endpoint {
  name: string;
  host: string;
  port: number;
  internalHost: string;
  pooled: boolean;
}
interface Outputs {
  services: Endpoint[];
  endpoints: Endpoint[];
  uris: Record<string, string>;
}
interface Service {
  metadata: { annotations?: Record<string, string> };
  spec: { type: string; clusterIP: string; ports: { port: number; nodePort?: number }[] };
}

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

test("services can be added, changed and removed, with a cluster and later, without changing another pod", () =>
  kubernetes.withNamespace(
    "services",
    async (namespace) => {
      const project = await pulumiProject({
        program: program(namespace, ""),
        env: { KUBECONFIG: kubernetes.kubeconfig },
      });
      try {
        await be(project);
        const first = await kubernetes.lives(namespace);
        await project.write(program(namespace, added("")));
        await be(project);
        expect(await kubernetes.lives(namespace)).toMatchObject(first);
        await everyServiceAnswers(project, namespace);
        await typesAndNames(project, namespace);
        const before = await kubernetes.lives(namespace);
        await project.write(
          program(namespace, added('kubernetes: { type: "NodePort", annotations: { "example.com/of": "audit" } }')),
        );
        await be(project);
        expect(await kubernetes.lives(namespace)).toEqual(before);
        expect((await serviceOf(namespace, "shop-audit")).spec.type).toBe("NodePort");
        await everyServiceAnswers(project, namespace);
        await project.write(program(namespace, ""));
        await be(project);
        expect(await kubernetes.lives(namespace)).toEqual(first);
        expect(await kubernetes.left(namespace, /audit|jobs/)).toEqual([]);
        await project.destroy();
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  ));

async function be(project: PulumiProject): Promise<void> {
  await project.up();
  await project.expectNoChanges();
  await project.refresh("--expect-no-changes");
}

const serviceOf = (namespace: string, name: string) => kubernetes.get<Service>(["service", name, "-n", namespace]);
const inMember = (namespace: string, command: string) =>
  kubernetes.kubectl(["-n", namespace, "exec", "shop-m1-0", "-c", "patroni", "--", "sh", "-c", command]);

async function everyServiceAnswers(project: PulumiProject, namespace: string): Promise<void> {
  const { uris } = await project.outputs<Outputs>();
  expect(Object.keys(uris).sort()).toEqual(["audit", "default", "jobs", "primary"]);
  for (const [name, uri] of Object.entries(uris)) {
    const sql = "select current_user, current_database(), pg_is_in_recovery()";
    expect(`${name} ${(await inMember(namespace, `psql -XAt '${uri}' -c '${sql}'`)).trim()}`).toBe(
      `${name} app_owner|app|f`,
    );
  }
  // Session pooling keeps what a session sets, so this is the declared pool.
  const setting = `psql -XAt '${uris.jobs}' -c 'set work_mem = 77' -c 'show work_mem'`;
  expect(await inMember(namespace, setting)).toContain("77kB");
}

async function typesAndNames(project: PulumiProject, namespace: string): Promise<void> {
  const { services, endpoints } = await project.outputs<Outputs>();
  const replica = await serviceOf(namespace, "shop-replica");
  expect(replica.spec.type).toBe("NodePort");
  expect(replica.metadata.annotations).toMatchObject({ "example.com/of": "replica" });
  const { nodePort } = replica.spec.ports[0];
  expect(services.find(({ name }) => name === "replica")).toMatchObject({ host: "db.example.com", port: nodePort });
  expect(endpoints).toMatchObject([
    { name: "audit", host: `shop-audit.${namespace}.svc.cluster.local`, port: 5435, pooled: false },
    { name: "jobs", host: `shop-jobs.${namespace}.svc.cluster.local`, port: 5440, pooled: true },
  ]);
}
