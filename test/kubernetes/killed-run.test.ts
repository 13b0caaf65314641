import { setTimeout as sleep } from "node:timers/promises";
import { failureOf } from "../support/connect";
import { untilGone } from "../support/killable-run";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

/** `pulumi` is killed while Kubernetes creates or deletes something. The next run succeeds without manual repair. */
jest.setTimeout(900_000);

const NAME = "shop";
const service = `new PgService("audit", { cluster, port: 5450, destination: "postgres" });`;
const program = (namespace: string, more = ""): string => `
  import { PgService, PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    kubernetes: { namespace: "${namespace}" }, members: 1, tuning: "tiny", resources: { memory: "512MB" },
    deletionProtection: false,
  });
  ${more}
  export const status = cluster.status;
`;

let kubernetes: KubernetesForTests;
let testNamespace: TestNamespace;
let project: PulumiProject;
beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  testNamespace = await inNamespace(kubernetes, "killed-run", RESTRICTED);
  project = await pulumiProject({ program: program(testNamespace.name), env: { KUBECONFIG: kubernetes.kubeconfig } });
});
afterAll(async () => {
  // A failed test may leave a lock behind.
  await project?.cancel().catch(() => undefined);
  await project?.remove();
  await testNamespace?.remove();
});

/** How often a run is killed at random: PGHARBOR_KILLS=10 npx jest test/kubernetes/killed-run. */
const KILLS = Array.from({ length: Number(process.env.PGHARBOR_KILLS ?? 1) }, (_, i) => i + 1);
/** Shorter than a first `up` and a destroy, so that most runs are killed. */
const FIRST_UP_SECONDS = 30;
const DESTROY_SECONDS = 12;

const left = () => kubernetes.left(testNamespace.name, new RegExp(`/${NAME}-`));

/** Kills a run once `isTime` is true, waits until all its processes have ended, and removes the lock. */
async function killedWhen(command: "up" | "destroy", isTime: () => Promise<boolean> | boolean): Promise<void> {
  const run = project.start(command);
  let isOver = false;
  void run.ended.then(() => (isOver = true));
  while (!isOver && !(await isTime())) await sleep(300);
  if (isOver) throw new Error(`it ended before: ${run.output()}`);
  expect(await untilGone(await run.kill(), 30)).toEqual([]);
  await project.cancel();
}
const isThere = (object: string) => async () => (await left()).includes(object);
const isNotThere = (object: string) => async () => !(await left()).includes(object);

/** Removes a resource and its dependents from the state, which leaves the objects of a killed run. */
async function forget(type: string, name: string): Promise<void> {
  const found = (await project.resources()).find(({ urn }) => urn.includes(`${type}::${name}`));
  if (found === undefined) throw new Error(`the state has no ${type} ${name}`);
  await project.run("state", "delete", found.urn, "--target-dependents", "--yes");
}
const kindsInState = async (): Promise<Set<string>> =>
  new Set((await project.resources()).map(({ type }) => type.split(":").pop()!));

test("after a run is killed while it creates an object, the next run creates it", async () => {
  await killedWhen("up", isThere(`serviceaccount/${NAME}-members`));
  await killedWhen("up", isThere(`service/${NAME}-members`));
  await killedWhen("up", isThere(`statefulset.apps/${NAME}-m1`));
  await project.preview();
  await project.up();
  expect(await project.outputs()).toEqual({ status: "ACTIVE" });
  await project.expectNoChanges();
  await project.refresh("--clear-pending-creates");
  await project.expectNoChanges();
});

test("objects that are missing in the state are adopted: no pod restarts, and no data is lost", async () => {
  await kubernetes.kubectl([
    ...["-n", testNamespace.name, "exec", `${NAME}-m1-0`, "-c", "patroni", "--"],
    ...["psql", "-c", "create table kept as select 1 as one"],
  ]);
  const before = await kubernetes.lives(testNamespace.name);
  // This also removes the members from the state: the resource that moves the primary off a member depends on ready
  // gateways.
  await forget("Deployment", `${NAME}-gateway`);
  const kinds = await kindsInState();
  for (const kind of ["StatefulSet", "Role", "RoleBinding"]) expect(kinds).not.toContain(kind);
  await project.up();
  await project.expectNoChanges();
  expect(await kubernetes.lives(testNamespace.name)).toEqual(before);
  await forget("Service", `${NAME}-members`);
  await forget("NetworkPolicy", `${NAME}-members`);
  await forget("PodDisruptionBudget", `${NAME}-members`);
  await project.preview();
  await project.up();
  await project.expectNoChanges();
  expect(await kubernetes.lives(testNamespace.name)).toEqual(before);
  const rows = await kubernetes.kubectl([
    ...["-n", testNamespace.name, "exec", `${NAME}-m1-0`, "-c", "patroni", "--"],
    ...["psql", "-Atc", "select one from kept"],
  ]);
  expect(rows.trim()).toBe("1");
});

test("another stack with the same cluster is refused with a clear error, and changes nothing", async () => {
  const before = await kubernetes.lives(testNamespace.name);
  const other = await pulumiProject({
    program: program(testNamespace.name),
    env: { KUBECONFIG: kubernetes.kubeconfig },
  });
  try {
    expect(await failureOf(other.up())).toMatch(
      /ServiceAccount \S+\/shop-members: already exists and is of cluster "shop" of stack \S+, got "shop-members"; give this cluster/,
    );
  } finally {
    await other.remove();
  }
  expect(await kubernetes.lives(testNamespace.name)).toEqual(before);
  await project.refresh();
  await project.expectNoChanges();
});

test("objects of a killed run that no state contains are deleted with the cluster", async () => {
  await project.write(program(testNamespace.name));
  await project.up();
  await project.write(program(testNamespace.name, service));
  await killedWhen("up", isThere(`deployment.apps/${NAME}-audit-gateway`));
  // Leaves the state of a run that was killed during the first `up`.
  await forget("StatefulSet", `${NAME}-m1`);
  expect(await left()).toContain(`statefulset.apps/${NAME}-m1`);
  await killedWhen("destroy", isNotThere(`statefulset.apps/${NAME}-m1`));
  await project.destroy();
  expect(await left()).toEqual([]);
});

test.each(KILLS)(
  "a run is killed at random: the next run succeeds, and so does a destroy (round %i)",
  async (round) => {
    await project.write(program(testNamespace.name, service));
    process.stderr.write(`kill ${round}: ${await killedAfter("up", Math.random() * FIRST_UP_SECONDS)}\n`);
    await project.up();
    await project.expectNoChanges();
    process.stderr.write(
      `kill ${round} of destroy: ${await killedAfter("destroy", Math.random() * DESTROY_SECONDS)}\n`,
    );
    await project.destroy();
    expect(await left()).toEqual([]);
  },
);

/** A run that ends earlier is not killed. */
async function killedAfter(command: "up" | "destroy", seconds: number): Promise<string> {
  const until = Date.now() + seconds * 1000;
  return killedWhen(command, () => Date.now() > until).then(
    () => `after ${seconds.toFixed(1)} s`,
    (error: Error) => {
      if (!error.message.startsWith("it ended before") || error.message.includes("error: ")) throw error;
      return "it ended before";
    },
  );
}
