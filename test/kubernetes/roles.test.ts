import { reachedAt, withClient } from "../support/connect";
import { kubernetesForTests, RESTRICTED } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { untilReplicated } from "../support/until-replicated";

jest.setTimeout(1_200_000);

/** Covers what the quickstart's cluster lacks: PostgreSQL 15, other roles of members, resources, a named StorageClass. */
const program = (namespace: string, disk = "8GB") => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("shop", {
    kubernetes: { namespace: ${JSON.stringify(namespace)}, storage: { storageClass: "localdir-fixed" } },
    postgresVersion: "15", members: 3, gateways: 1, deletionProtection: false,
    sync: "off", resources: { memory: "512MB", disk: ${JSON.stringify(disk)} },
    memberSettings: { m2: { role: "offline" }, m3: { role: "delayed", applyDelay: "1h" } },
    services: [{ name: "reports", port: 5439, checkPath: "/read-only", selector: "[? pg_role == 'offline']", pool: { mode: "session" } }],
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  const bind = (service: string) => new ServiceBinding("app-" + service, { user: owner, database, service }).uri;
  export const uris = {
    primary: bind("primary"), replica: bind("replica"), default: bind("default"), offline: bind("offline"), reports: bind("reports"),
  };
  export const caCertificate = cluster.caCertificate;
`;

interface Outputs {
  uris: Record<"primary" | "replica" | "default" | "offline" | "reports", string>;
  caCertificate: string;
}
interface Pod {
  spec: { containers: { name: string; resources: object }[] };
}

test("members of other roles serve their services, on PostgreSQL 15, with the given resources and StorageClass", async () => {
  const kubernetes = await kubernetesForTests();
  await kubernetes.withNamespace(
    "roles",
    async (namespace) => {
      const project = await pulumiProject({
        program: program(namespace),
        env: { KUBECONFIG: kubernetes.kubeconfig },
      });
      const members = new KubernetesMembers(kubernetes, namespace, "shop");
      try {
        await project.up();
        await project.expectNoChanges();
        await project.refresh("--expect-no-changes");
        await eachServesItsOwn(project, members, await kubernetes.serviceAddresses(namespace));
        const pod = await kubernetes.get<Pod>(["pod", "shop-m3-0", "-n", namespace]);
        expect(pod.spec.containers.find(({ name }) => name === "patroni")!.resources).toEqual({
          limits: { memory: "512Mi" },
          requests: { cpu: "100m", memory: "512Mi" },
        });
        await expectSameVolumes(project, members, namespace);
        await project.destroy();
        expect(await kubernetes.left(namespace, /shop/)).toEqual([]);
      } finally {
        await project.remove();
      }
    },
    RESTRICTED,
  );
});

async function eachServesItsOwn(
  project: PulumiProject,
  members: KubernetesMembers,
  addresses: Record<string, string>,
): Promise<void> {
  const { uris, caCertificate: ca } = await project.outputs<Outputs>();
  const podOf = Object.fromEntries((await members.addresses()).map(({ name, address }) => [address, name]));
  const ask = (service: keyof Outputs["uris"]) =>
    withClient(
      uris[service],
      ca,
      async (client) => {
        const { rows } = await client.query<{ address: string; version: number }>(
          "select host(inet_server_addr()) as address, current_setting('server_version_num')::int / 10000 as version",
        );
        return { member: podOf[rows[0].address], version: rows[0].version };
      },
      reachedAt(uris[service], ca, addresses),
    ).catch((error: Error) => {
      throw new Error(`${service}: ${error.message}`);
    });
  const at = (pod: string) => ({ member: `${pod}.shop-members`, version: 15 });
  const queryMember = async (pod: string, query: string) => (await members.exec(pod, "psql", "-XAtc", query)).trim();
  expect(await members.leader()).toBe("shop-m1-0");
  // The offline member follows asynchronously: the new user arrives there a moment later.
  await untilReplicated(members, "shop-m2-0", "select 1 from pg_roles where rolname = 'app_owner'", 30);
  for (const service of ["primary", "default"] as const)
    expect([service, await ask(service)]).toEqual([service, at("shop-m1-0")]);
  for (const service of ["offline", "reports"] as const)
    expect([service, await ask(service)]).toEqual([service, at("shop-m2-0")]);
  // There is no replica, so the primary and the offline member serve reads; the member that lags by an hour never does.
  for (let i = 0; i < 6; i++) expect([at("shop-m1-0"), at("shop-m2-0")]).toContainEqual(await ask("replica"));
  expect(await queryMember("shop-m3-0", "show recovery_min_apply_delay")).toBe("1h");
  expect(await queryMember("shop-m3-0", "select count(*) from pg_stat_wal_receiver")).toBe("1");
}

async function expectSameVolumes(project: PulumiProject, members: KubernetesMembers, namespace: string): Promise<void> {
  const path = "jsonpath={.items[*].spec.storageClassName} {.items[*].spec.resources.requests.storage}";
  const claims = () => members.kubectl("get", "pvc", "-o", path);
  const asTheyWere = `${Array(3).fill("localdir-fixed").join(" ")} ${Array(3).fill("8Gi").join(" ")}`;
  const before = await members.lives();
  expect(await claims()).toBe(asTheyWere);
  await project.write(program(namespace, "9GB"));
  await expect(project.up()).rejects.toThrow(/localdir-fixed.*allowVolumeExpansion/s);
  expect(await claims()).toBe(asTheyWere);
  expect(await members.lives()).toEqual(before);
}
