import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { withPulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(1_200_000);

interface Settings {
  members: number;
  disk: string;
  storage: { retainOnDelete?: boolean; retainOnScaleDown?: boolean };
  deletionProtection?: boolean;
  memberSettings?: Record<string, { role: string }>;
}

const program = (
  namespace: string,
  { members, disk, storage, deletionProtection = false, memberSettings = {} }: Settings,
) => `
import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
const cluster = new PostgresCluster("shop", {
  kubernetes: { namespace: ${JSON.stringify(namespace)}, storage: ${JSON.stringify(storage)} },
  members: ${members},
  gateways: 1,
  resources: { disk: ${JSON.stringify(disk)} },
  deletionProtection: ${deletionProtection},
  memberSettings: ${JSON.stringify(memberSettings)},
});
const owner = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
const database = new PgDatabase("shop", { target: cluster, owner: owner.username, extensions: [{ name: "citext" }] });
export const { uri } = new ServiceBinding("binding", {
  user: owner, database, service: "primary", internal: true, sslRootCert: "/etc/pgharbor/current/ca.crt",
});
`;

interface Claims {
  items: {
    metadata: { name: string; uid: string; annotations: Record<string, string> };
    status: { capacity?: { storage: string } };
  }[];
}
interface Pods {
  items: { metadata: { name: string; uid: string } }[];
}

/** The cluster of one namespace, whose arguments change repeatedly. */
class Shop {
  constructor(
    private readonly kubernetes: KubernetesForTests,
    readonly namespace: string,
    readonly project: PulumiProject,
  ) {}

  async be(settings: Settings): Promise<void> {
    await this.project.write(program(this.namespace, settings));
    await this.project.up();
    await this.project.expectNoChanges();
  }
  async claims(): Promise<string[]> {
    return (await this.found()).map((claim) => claim.metadata.name);
  }
  async found(): Promise<Claims["items"]> {
    return (await this.kubernetes.get<Claims>(["pvc", "-n", this.namespace])).items;
  }
  async pods(): Promise<string[]> {
    const selector = ["-l", "pgharbor.cluster=shop,pgharbor.role=member"];
    const { items } = await this.kubernetes.get<Pods>(["pods", "-n", this.namespace, ...selector]);
    return items.map((pod) => pod.metadata.uid);
  }
  /** Runs SQL on one member, through its socket. */
  psql(member: string, sql: string, database = "shop"): Promise<string> {
    return this.run(member, ["psql", "-XAtd", database], sql);
  }
  run(member: string, command: string[], stdin?: string): Promise<string> {
    const pod = ["exec", "-i", `shop-${member}-0`, "-c", "patroni", "--"];
    return this.kubernetes.kubectl(["-n", this.namespace, ...pod, ...command], stdin);
  }
  /** Runs SQL as the program's user, with the connection string of the binding. */
  async asOwner(sql: string): Promise<string> {
    const { uri } = await this.project.outputs<{ uri: string }>();
    return (await this.run("m1", ["psql", "-XAtd", uri], sql)).trim();
  }
  async uids(): Promise<string[]> {
    return [...(await this.found()).map((claim) => claim.metadata.uid), ...(await this.pods())];
  }
}

let kubernetes: KubernetesForTests;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
});

const withShop = (first: Settings, work: (shop: Shop) => Promise<void>) =>
  kubernetes.withNamespace(
    "retained",
    async (namespace) => {
      const env = { KUBECONFIG: kubernetes.kubeconfig };
      await withPulumiProject({ program: program(namespace, first), env }, (project) =>
        work(new Shop(kubernetes, namespace, project)),
      );
    },
    RESTRICTED,
  );

test("retained on delete: a new cluster of the same name has the data, users and databases; no longer retained, they are deleted", () =>
  withShop({ members: 3, disk: "8GB", storage: { retainOnDelete: true } }, async (shop) => {
    const kept: Settings = { members: 2, disk: "8GB", storage: { retainOnDelete: true } };
    await shop.be({ ...kept, members: 3 });
    await shop.psql("m1", "create table kept (id int); insert into kept values (42)");
    // Only a destroy moves the primary to the first member. When a member is removed, the primary stays where it is.
    await shop.run("m1", ["pgharbor-patroni", "switchover", "--to", "shop-m2-0"]);
    const leads = "select pg_is_in_recovery(), timeline_id from pg_control_checkpoint()";
    await shop.psql("m2", "checkpoint");
    const led = await shop.psql("m2", leads);
    expect(led).toMatch(/^f/);
    await shop.be(kept);
    expect(await shop.psql("m2", leads)).toBe(led);
    await shop.be({ ...kept, members: 1 });
    // A destroy keeps the claims; the removal of a member does not.
    expect(await shop.claims()).toEqual(["shop-m1-data"]);
    expect(await shop.psql("m1", "select id from kept")).toBe("42\n");
    const [before] = await shop.found();
    await shop.project.destroy();
    const [after] = await shop.found();
    expect(after.metadata.uid).toBe(before.metadata.uid);

    await shop.be(kept);
    expect((await shop.found()).map((claim) => claim.metadata.uid)).toContain(before.metadata.uid);
    expect((await shop.psql("m2", "select id from kept")).trim()).toBe("42");
    await shop.project.refresh("--expect-no-changes");

    await shop.be({ ...kept, storage: {} });
    await shop.project.destroy();
    expect(await shop.claims()).toEqual([]);
  }));

test("retained on scale-down: the member starts from its claim when it comes back; a destroy leaves no claim", () =>
  withShop({ members: 2, disk: "8GB", storage: { retainOnScaleDown: true } }, async (shop) => {
    const kept: Settings = { members: 2, disk: "8GB", storage: { retainOnScaleDown: true }, deletionProtection: true };
    await shop.be(kept);
    const before = await shop.found();
    // The scale-down deletes no data, so deletion protection does not apply.
    await shop.be({ ...kept, members: 1 });
    await shop.psql("m1", "create table later (id int); insert into later values (7)");
    expect(await shop.claims()).toEqual(["shop-m1-data", "shop-m2-data"]);
    await shop.be(kept);
    expect((await shop.found()).map((c) => c.metadata.uid)).toEqual(before.map((c) => c.metadata.uid));
    expect((await shop.psql("m2", "select id from later")).trim()).toBe("7");
    await shop.be({ ...kept, members: 1, deletionProtection: false });
    await shop.project.destroy();
    expect(await shop.claims()).toEqual([]);
  }));

test("another member leads at the deletion: nothing is lost, and users can log in; with protection the destroy is refused", () =>
  withShop({ members: 2, disk: "8GB", storage: { retainOnDelete: true } }, async (shop) => {
    const kept: Settings = { members: 2, disk: "8GB", storage: { retainOnDelete: true }, deletionProtection: true };
    await shop.be(kept);
    const before = await shop.uids();
    // The other member becomes the one that starts the cluster, and no member is deleted for it.
    await shop.be({ ...kept, memberSettings: { m1: { role: "offline" } } });
    await shop.be(kept);
    expect(await shop.uids()).toEqual(before);
    await expect(shop.project.destroy()).rejects.toThrow(/deletionProtection is on/);
    expect(await shop.uids()).toEqual(before);

    await shop.be({ ...kept, deletionProtection: false });
    await shop.run("m1", ["pgharbor-patroni", "switchover", "--to", "shop-m2-0"]);
    await shop.asOwner("create table kept (id int); insert into kept select generate_series(1, 1000)");
    await shop.psql("m2", "create table late as select 1 as id; checkpoint");
    await shop.project.destroy();
    expect((await shop.found()).map(({ metadata }) => metadata.annotations["pgharbor.led-last"])).toEqual([
      "true",
      "false",
    ]);

    await shop.be(kept);
    expect(await shop.asOwner("select current_user, count(*) from kept")).toBe("shop_owner|1000");
    expect((await shop.psql("m2", "select id from late")).trim()).toBe("1");
    await shop.be({ ...kept, storage: {}, deletionProtection: false });
    await shop.project.destroy();
    expect(await shop.claims()).toEqual([]);
  }));

test("if the first member lagged, it is not started before the last leader, and the error says how to start that one", () =>
  withShop({ members: 2, disk: "8GB", storage: { retainOnDelete: true } }, async (shop) => {
    const kept: Settings = { members: 2, disk: "8GB", storage: { retainOnDelete: true } };
    await shop.be(kept);
    await shop.asOwner("create table kept (id int)");
    await shop.run("m1", ["pgharbor-patroni", "switchover", "--to", "shop-m2-0"]);
    await kubernetes.kubectl(["-n", shop.namespace, "scale", "statefulset/shop-m1", "--replicas=0"]);
    await kubernetes.kubectl(["-n", shop.namespace, "wait", "pod/shop-m1-0", "--for=delete", "--timeout=120s"]);
    await shop.psql("m2", "insert into kept select generate_series(1, 1000)");
    await shop.project.destroy();

    await shop.project.write(program(shop.namespace, kept));
    const refused = shop.project.up();
    await expect(refused).rejects.toThrow(
      /shop-m1-data: does not belong to the last leader: transactions that it lacks would be lost, got shop-m2-data \(last leader\); let m2 start first/,
    );
    expect(await shop.pods()).toEqual([]);
    await shop.be({ ...kept, memberSettings: { m1: { role: "offline" }, m2: { role: "replica" } } });
    expect(await shop.asOwner("select current_user, count(*) from kept")).toBe("shop_owner|1000");
    await shop.be(kept);
    expect((await shop.psql("m1", "select count(*) from kept")).trim()).toBe("1000");
    await shop.be({ ...kept, storage: {} });
    await shop.project.destroy();
  }));

test("a new cluster of the same name at once; a larger disk changes no pod; a smaller one and a foreign claim are refused", () =>
  withShop({ members: 1, disk: "8GB", storage: {} }, async (shop) => {
    const small: Settings = { members: 1, disk: "8GB", storage: {} };
    await kubernetes.kubectl(
      ["-n", shop.namespace, "apply", "-f", "-"],
      JSON.stringify({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "shop-m1-data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      }),
    );
    await expect(shop.be(small)).rejects.toThrow(/retained-\w+\/shop-m1-data: exists, and is not managed by pgharbor/);
    await kubernetes.kubectl(["-n", shop.namespace, "delete", "pvc", "shop-m1-data"]);
    await shop.be(small);
    await shop.project.destroy();
    await shop.be(small);

    const pods = await shop.pods();
    await shop.be({ ...small, disk: "10GB" });
    expect((await shop.found()).map((claim) => claim.status.capacity?.storage)).toEqual(["10Gi"]);
    expect(await shop.pods()).toEqual(pods);
    await shop.project.write(program(shop.namespace, small));
    await expect(shop.project.preview()).rejects.toThrow(/resources\.disk/);
  }));
