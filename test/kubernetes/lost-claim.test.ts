import { failureOf } from "../support/connect";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

/** Someone deletes the claims with the data. The next `up --refresh` repairs what it can, and reports what is lost. */
jest.setTimeout(900_000);

const program = (namespace: string, members: number, more = ""): string => `
  import { PgDatabase, PgUser, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("shop", {
    kubernetes: { namespace: "${namespace}" }, members: ${members}, tuning: "tiny", resources: { memory: "512MB" },
    deletionProtection: false, ${more}
  });
  const owner = new PgUser("owner", { target: cluster, username: "owner" });
  new PgDatabase("app", { target: cluster, databaseName: "app", owner: owner.username });
  export const status = cluster.status;
`;

let kubernetes: KubernetesForTests;
let testNamespace: TestNamespace;
let project: PulumiProject;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  testNamespace = await inNamespace(kubernetes, "lost-claim", RESTRICTED);
  project = await pulumiProject({
    program: program(testNamespace.name, 2),
    env: { KUBECONFIG: kubernetes.kubeconfig },
  });
  await project.up();
});
afterAll(async () => {
  await project?.remove();
  await testNamespace?.remove();
});

const kubectl = (...args: string[]) => kubernetes.kubectl(["-n", testNamespace.name, ...args]);
const query = async (member: string, sql: string): Promise<string> =>
  (await kubectl("exec", `shop-${member}-0`, "-c", "patroni", "--", "psql", "-Atc", sql)).trim();

/** Deletes claims with their data. The pods are deleted, too, because a deleted claim remains while a pod uses it. */
async function loseClaims(...members: string[]): Promise<void> {
  await kubectl("delete", "pvc", "--wait=false", ...members.map((member) => `shop-${member}-data`));
  await kubectl("delete", "pod", "--force", ...members.map((member) => `shop-${member}-0`));
  await kubectl("wait", "--for=delete", "--timeout=120s", ...members.map((member) => `pvc/shop-${member}-data`));
}

test("one member's claim is lost: the member is copied from the primary again", async () => {
  await query("m1", "create table kept as select 7 as seven");
  await loseClaims("m2");
  await project.up("--refresh");
  await project.expectNoChanges();
  expect(await query("m2", "select seven, pg_is_in_recovery() from kept")).toBe("7|t");
});

test("the claim of the leader that started the cluster is lost: another member leads, and it follows", async () => {
  await loseClaims("m1");
  await project.up("--refresh");
  await project.expectNoChanges();
  expect(await query("m1", "select seven from kept")).toBe("7");
});

test("all claims are lost: the `up` names the lost database, and creates an empty one only after it is given up", async () => {
  const system = await query("m1", "select system_identifier from pg_control_system()");
  await loseClaims("m1", "m2");
  const refused = await failureOf(project.up("--refresh"));
  expect(refused).toMatch(/cluster \S+\/shop: its database is lost: .* no PersistentVolumeClaim of a member holds it/);
  expect(refused).toContain(`acceptDataLoss: "${system}"`);
  await project.write(program(testNamespace.name, 2, `acceptDataLoss: "${system}",`));
  await project.up("--refresh");
  expect(await query("m1", "select system_identifier from pg_control_system()")).not.toBe(system);
  await project.up("--refresh");
  await project.expectNoChanges();
  expect(await query("m1", "select count(*) from pg_database where datname = 'app'")).toBe("1");
});
