import type { RepositoryStatus } from "../../packages/pgharbor/src";
import { eventually } from "../support/eventually";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

/** Backups of a cluster on Kubernetes to a claim, and a second cluster from them. */
jest.setTimeout(1_800_000);

const LOCAL = "backups: { repositories: { local: { volume: { size: '2GB' } } }, recoveryPoint: 10 },";
const program = (namespace: string, backups: string, more = ""): string => `
  import * as pulumi from "@pulumi/pulumi";
  import { PostgresCluster } from "pgharbor";
  const config = new pulumi.Config();
  const shared = {
    kubernetes: { namespace: "${namespace}" }, members: 2, tuning: "tiny" as const, resources: { memory: "512MB" },
    deletionProtection: false,
  };
  const cluster = new PostgresCluster("shop", { ...shared, ${backups} });
  export const backups = cluster.backups;
  export const passphrase = cluster.backupPassphrase;
  ${more}
`;
const copyFrom = (restore: string): string =>
  `new PostgresCluster("copy", { ...shared, gateways: 1, ${restore === "" ? "" : `restore: { cluster: "shop", ${restore} }, restorePassphrase: cluster.backupPassphrase!`} });`;

interface Outputs {
  backups: Record<string, RepositoryStatus>;
  passphrase: string;
}

let kubernetes: KubernetesForTests;
let testNamespace: TestNamespace;
let project: PulumiProject;
let cluster: KubernetesMembers;
let copy: KubernetesMembers;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  testNamespace = await inNamespace(kubernetes, "backups", RESTRICTED);
  cluster = new KubernetesMembers(kubernetes, testNamespace.name, "shop");
  copy = new KubernetesMembers(kubernetes, testNamespace.name, "copy");
  project = await pulumiProject({
    program: program(testNamespace.name, ""),
    env: { KUBECONFIG: kubernetes.kubeconfig },
  });
  await project.up();
});
afterAll(async () => {
  await project?.remove();
  await testNamespace?.remove();
});

const write = (backups: string, more = "") => project.write(program(testNamespace.name, backups, more));
const inRepository = (...command: string[]) =>
  cluster.kubectl("exec", "shop-backup-0", "-c", "backups", "--", ...command);
const repositories = async () =>
  JSON.parse(await inRepository("pgharbor-backups", "status")) as Record<string, RepositoryStatus>;
const query = async (members: KubernetesMembers, sql: string): Promise<string> =>
  (await members.exec(await members.leader(), "psql", "-XAtqc", sql)).trim();
/** Until the WAL that was written so far is in the repository. */
async function archived(): Promise<void> {
  const name = await query(cluster, "select pg_walfile_name(pg_switch_wal())");
  await eventually(async () => expect((await repositories()).local.lastWal! >= name).toBe(true), 120);
}

test("backups are turned on without a new pod, and a first full one follows", async () => {
  const before = await cluster.lives();
  await write(LOCAL);
  await project.up();
  expect(await cluster.lives()).toEqual(before);
  await project.expectNoChanges();
  await eventually(async () => expect((await repositories()).local).toMatchObject({ backups: 1 }), 180);
  await project.refresh();
  await project.expectNoChanges();
  await project.up();
  expect((await project.outputs<Outputs>()).backups.local.lastFull).toMatch(/^20\d\d-.*Z$/);
});

test("the passphrase is in the pod of the repositories alone, and in no definition, log or state", async () => {
  const { passphrase } = await project.outputs<Outputs>();
  expect(passphrase).toHaveLength(32);
  expect(await project.export()).not.toContain(passphrase);
  expect(await cluster.kubectl("get", "pods,statefulsets,configmaps,services", "-o", "json")).not.toContain(passphrase);
  expect(await cluster.kubectl("logs", "shop-backup-0", "-c", "backups")).not.toContain(passphrase);
  const grep = `grep -rl ${passphrase} /etc/pgharbor/ 2>/dev/null || true`;
  expect(await cluster.exec("shop-m1-0", "sh", "-c", grep)).toBe("");
  expect(await inRepository("sh", "-c", grep)).toContain("pgbackrest.conf");
});

test("WAL and backups follow the primary after a lost pod, and after their own pod is lost", async () => {
  await query(cluster, "create table ledger as select 1 as id");
  const leader = await cluster.leader();
  await cluster.kubectl("delete", "pod", "--force", leader);
  await eventually(async () => expect(await cluster.leader()).not.toBe(""), 120);
  await query(cluster, "insert into ledger values (2)");
  await cluster.kubectl("delete", "pod", "--force", "shop-backup-0");
  await query(cluster, "insert into ledger values (3)");
  await eventually(() => repositories(), 120);
  await archived();
  await inRepository("pgharbor-backups", "run", "--type", "incr");
  await inRepository("pgbackrest", "--stanza=shop", "verify");
  expect((await repositories()).local).toMatchObject({ backups: 2 });
});

test("the newest backup is proved in the pod of the repositories", async () => {
  await inRepository("pgharbor-backups", "prove");
  const { local } = await repositories();
  expect(local).not.toHaveProperty("proofProblem");
  expect(local.proofSeconds).toBeGreaterThan(0);
});

test("a second cluster starts from the backups at a point in time", async () => {
  const point = await query(
    cluster,
    "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
  );
  await query(cluster, "insert into ledger values (4)");
  await archived();
  await write(LOCAL, copyFrom(`time: "${point}"`));
  await project.up();
  expect(await query(copy, "select string_agg(id::text, ',' order by id) from ledger")).toBe("1,2,3");
  await eventually(async () => {
    const members = await copy.members();
    expect(members.map(({ State }) => State).sort()).toEqual(["running", "streaming"]);
    expect(members.map((member) => member["Pending restart"])).toEqual([undefined, undefined]);
  }, 60);
  await project.expectNoChanges();
  await project.refresh();
  await project.expectNoChanges();
});

test("`restore` goes without a new pod, and cannot come back with another point", async () => {
  const before = await copy.lives();
  await write(LOCAL, copyFrom(""));
  await project.up();
  expect(await copy.lives()).toEqual(before);
  await project.expectNoChanges();
  await write(LOCAL);
  await project.up();
});

test("what cannot be restored is said, and the corrected program goes on", async () => {
  await write(LOCAL, copyFrom('time: "2020-01-01T00:00:00Z"'));
  await expect(project.up()).rejects.toThrow(/the earliest point is 20/);
  await write(LOCAL, copyFrom('repository: "local", immediate: true'));
  await project.up();
  expect(await query(copy, "select 1 from pg_database where datname = 'postgres'")).toBe("1");
  await write(LOCAL);
  await project.up();
});

test("a destroyed cluster leaves its backups, and one of its name needs to say that it continues them", async () => {
  const { passphrase } = await project.outputs<Outputs>();
  await project.destroy();
  expect(await kubernetes.left(testNamespace.name, /shop/)).toEqual(["persistentvolumeclaim/shop-backup-local"]);
  await expect(project.up()).rejects.toThrow(/backups of a destroyed cluster of this name.*set reuse: true/s);
  await project.setConfig("passphrase", { secret: passphrase });
  await write(
    `backups: { repositories: { local: { volume: { size: "2GB", retain: false }, reuse: true } } },
     backupPassphrase: config.requireSecret("passphrase"),`,
  );
  await project.up();
  await eventually(async () => expect((await repositories()).local.backups).toBeGreaterThanOrEqual(3), 180);
  await project.expectNoChanges();
  await project.destroy();
  expect(await kubernetes.left(testNamespace.name, /shop/)).toEqual([]);
});
