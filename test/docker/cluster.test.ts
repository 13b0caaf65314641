import { DockerCluster } from "../support/docker-cluster";
import { failureOf, withClient } from "../support/connect";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";

jest.setTimeout(600_000);

const NAME = "tcluster";

const program = (clusterArgs = ""): string => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "17", members: 3, deletionProtection: false, ${clusterArgs}
  });
  const owner = new PgUser("owner", { target: cluster, username: "app_owner" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  export const uri = new ServiceBinding("app", { user: owner, database, service: "default" }).uri;
  export const caCertificate = cluster.caCertificate;
  export const status = cluster.status;
`;

interface Outputs {
  uri: string;
  caCertificate: string;
  status: string;
}

let project: PulumiProject;
let cluster: DockerCluster;
let outputs: Outputs;

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
  await project.up();
  outputs = await project.outputs<Outputs>();
  expect(outputs.status).toBe("ACTIVE");
});

afterAll(async () => {
  await project?.remove();
});

const names = (steps: readonly { op: string; urn: string }[]): string[] =>
  steps
    .filter((s) => s.op !== "same")
    .map((s) => `${s.op} ${s.urn.split("::").pop()}`)
    .sort();

test("a parameter and an hba rule reload; one that needs a restart restarts replicas first", async () => {
  const before = await cluster.lives();
  const show = (name: string) =>
    withClient(outputs.uri, outputs.caCertificate, async (c) => {
      const { rows } = await c.query<Record<string, string>>(`show ${name}`);
      return Object.values(rows[0])[0];
    });
  const started = () =>
    withClient(outputs.uri, outputs.caCertificate, async (c) => {
      const { rows } = await c.query<{ at: string }>("select pg_postmaster_start_time()::text as at");
      return rows[0].at;
    });
  const since = await started();
  const hba = `hba: [{ user: "app_owner", db: "app", addr: "world", auth: "ssl" }]`;
  await project.write(program(`parameters: { log_min_duration_statement: "1234" }, ${hba}`));
  const { steps } = await project.previewJson();
  const poolers = ["primary", "replica"].map((service) => `update ${NAME}-pooler-1-${service}-files`);
  expect(names(steps)).toEqual([`update ${NAME}`, `update ${NAME}-patroni`, ...poolers]);
  await project.up();
  expect(await show("log_min_duration_statement")).toBe("1234ms");
  expect(await started()).toBe(since);

  await project.write(program(`parameters: { max_locks_per_transaction: "96" }`));
  await project.up();
  expect(await show("max_locks_per_transaction")).toBe("96");
  expect(await cluster.lives()).toEqual(before);
  await project.expectNoChanges();
  await project.write(program());
  await project.up();
});

test("what a running cluster cannot change fails in the preview", async () => {
  const before = await cluster.lives();
  await project.write(program('resources: { disk: "9GB" },').replace('"17"', '"15"'));
  expect(await failureOf(project.preview())).toMatch(/cannot change from "17", got "15"/);
  // Without a preview, too, no member is touched.
  expect(await failureOf(project.up())).toMatch(/cannot change from "17", got "15"/);
  expect(await cluster.lives()).toEqual(before);
  await project.write(program());
});

test("with deletionProtection a destroy refuses and deletes nothing; without it, it leaves nothing", async () => {
  await project.write(program().replace("deletionProtection: false", "deletionProtection: true"));
  await project.up();
  const before = await cluster.lives();
  // This is the usual command, with its preview. It deletes nothing.
  const protectedError = await failureOf(project.run("destroy", "--yes", "--stack", "test"));
  expect(protectedError).toMatch(/cannot be deleted\s+because it is protected/);
  // Without a preview, too, the data stays, and the message says how to delete it.
  const refused = await failureOf(project.destroy());
  expect(refused).toMatch(/deletionProtection is on; set deletionProtection: false/);
  expect(await cluster.lives()).toEqual(before);
  // The state no longer has the users by then. The ownership record on the server still says who owns them.
  await project.write(program());
  await project.up();
  await project.destroy();
  expect(await cluster.remains()).toEqual([]);
});
