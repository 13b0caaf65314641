import { failureOf } from "../support/connect";
import { ROUNDS } from "../support/faults/by-name";
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

/** Returns the member that leads, as `m1`. */
async function leader(): Promise<string> {
  const [pod] = (await kubectl("get", "pods", "-l", "role=primary", "-o", "name")).trim().split("\n");
  return pod.replace("pod/shop-", "").replace(/-0$/, "");
}

beforeAll(() => query("m1", "create table kept as select 0 as round"));
/** Each loss must leave the rows of all rounds before. */
const keep = async (round: number): Promise<string> => query(await leader(), `insert into kept values (${round})`);
const kept = (member: string): Promise<string> => query(member, "select max(round), count(*) > max(round) from kept");

test.each(ROUNDS)("a replica's claim is lost: it is copied from the primary again (round %i)", async (round) => {
  await keep(round);
  const replica = (await leader()) === "m1" ? "m2" : "m1";
  await loseClaims(replica);
  await project.up("--refresh");
  await project.expectNoChanges();
  expect(await query(replica, "select pg_is_in_recovery()")).toBe("t");
  expect(await kept(replica)).toBe(`${round}|t`);
});

test.each(ROUNDS)("the leader's claim is lost: another member leads, and it follows (round %i)", async (round) => {
  await keep(ROUNDS.length + round);
  const former = await leader();
  await loseClaims(former);
  await project.up("--refresh");
  await project.expectNoChanges();
  expect(await leader()).not.toBe(former);
  expect(await kept(former)).toBe(`${ROUNDS.length + round}|t`);
});

test("all claims are lost: the `up` names the lost database, and creates an empty one only after it is given up", async () => {
  await giveUp(2);
});

test.each(ROUNDS)("the only member's claim is lost: the same (round %i)", async () => {
  await project.write(program(testNamespace.name, 1));
  await project.up();
  await giveUp(1);
});

/** Loses the claims of all members, and gives the database up once the `up` is refused. */
async function giveUp(members: number): Promise<void> {
  const system = await query("m1", "select system_identifier from pg_control_system()");
  await loseClaims(...["m1", "m2"].slice(0, members));
  const refused = await failureOf(project.up("--refresh"));
  expect(refused).toMatch(/cluster \S+\/shop: its database is lost: .* no PersistentVolumeClaim of a member holds it/);
  expect(refused).toContain(`acceptDataLoss: "${system}"`);
  await project.write(program(testNamespace.name, members, `acceptDataLoss: "${system}",`));
  await project.up("--refresh");
  expect(await query("m1", "select system_identifier from pg_control_system()")).not.toBe(system);
  await project.up("--refresh");
  await project.expectNoChanges();
  expect(await query("m1", "select count(*) from pg_database where datname = 'app'")).toBe("1");
}
