import { randomBytes } from "node:crypto";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { kubernetesForTests, RESTRICTED, type KubernetesForTests } from "../support/kubernetes-cluster";
import { KubernetesMembers } from "../support/kubernetes-members";
import { BUCKET, REGION, S3Store } from "../support/object-stores/s3-store";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { inNamespace, type TestNamespace } from "../support/test-namespace";

/** A cluster moves from Docker to Kubernetes, and has backups there, too, through a bucket of a real S3 store. */
jest.setTimeout(1_800_000);

const NAME = `tmove${randomBytes(2).toString("hex")}`;

let kubernetes: KubernetesForTests;
let testNamespace: TestNamespace;
let store: S3Store;
let project: PulumiProject;
let source: DockerCluster;
let target: KubernetesMembers;

const program = (more = ""): string => `
  import * as pulumi from "@pulumi/pulumi";
  import { PostgresCluster } from "pgharbor";
  const config = new pulumi.Config();
  const s3 = { bucket: "${BUCKET}", region: "${REGION}", endpoint: "${store.endpoint}", ca: ${JSON.stringify(store.ca)} };
  const credentials = {
    accessKeyId: config.requireSecret("accessKeyId"), secretAccessKey: config.requireSecret("secretAccessKey"),
  };
  const shared = { tuning: "tiny" as const, deletionProtection: false, resources: { memory: "512MB" } };
  const source = new PostgresCluster("${NAME}", {
    ...shared, docker: { publish: "auto" }, members: 1,
    backups: { repositories: { offsite: { s3 } }, recoveryPoint: 10 }, backupCredentials: { offsite: credentials },
  });
  ${more}
`;
const moved = () => `
  new PostgresCluster("shop", {
    ...shared, kubernetes: { namespace: "${testNamespace.name}" }, members: 2, gateways: 1,
    restore: { cluster: "${NAME}", s3 }, restorePassphrase: source.backupPassphrase!, restoreCredentials: credentials,
    backups: { repositories: { offsite: { s3 } } }, backupCredentials: { offsite: credentials },
  });
`;

beforeAll(async () => {
  kubernetes = await kubernetesForTests();
  store = await S3Store.start();
  testNamespace = await inNamespace(kubernetes, "moved", RESTRICTED);
  source = await DockerCluster.named(NAME);
  target = new KubernetesMembers(kubernetes, testNamespace.name, "shop");
  project = await pulumiProject({ program: program(), env: { KUBECONFIG: kubernetes.kubeconfig } });
  const secrets = { accessKeyId: store.accessKeyId, secretAccessKey: store.secretAccessKey };
  for (const [name, secret] of Object.entries(secrets)) await project.setConfig(name, { secret });
  await project.up();
});
afterAll(async () => {
  await project?.remove();
  await testNamespace?.remove();
  await store?.remove();
});

test("a cluster on Kubernetes starts from the backups of one on Docker, and takes its own beside them", async () => {
  const onDocker = (sql: string) => source.psql(`${NAME}-m1`, sql);
  await eventually(async () => expect((await repositoriesOf(source)).offsite).toMatchObject({ backups: 1 }), 180);
  await onDocker("create table moved as select generate_series(1, 1000) as id");
  const name = await onDocker("select pg_walfile_name(pg_switch_wal())");
  await eventually(async () => expect((await repositoriesOf(source)).offsite.lastWal! >= name).toBe(true), 60);

  await project.write(program(moved()));
  await project.up();
  const query = async (sql: string) => (await target.exec(await target.leader(), "psql", "-XAtqc", sql)).trim();
  expect(await query("select count(*), sum(id) from moved")).toBe("1000|500500");
  const backups = async () =>
    JSON.parse(
      await target.kubectl("exec", "shop-backup-0", "-c", "backups", "--", "pgharbor-backups", "status"),
    ) as Record<string, { backups: number }>;
  await eventually(async () => expect((await backups()).offsite).toMatchObject({ backups: 1 }), 180);
  await project.expectNoChanges();
  await project.refresh();
  await project.expectNoChanges();
});

test("credentials are in the pods that read and write the bucket alone, and in no definition, log or state", async () => {
  const secret = store.secretAccessKey;
  expect(await project.export()).not.toContain(secret);
  expect(await target.kubectl("get", "pods,statefulsets,configmaps,services", "-o", "json")).not.toContain(secret);
  for (const { metadata } of await target.pods("backup"))
    expect(await target.kubectl("logs", metadata.name)).not.toContain(secret);
  expect(await target.exec("shop-m1-0", "sh", "-c", `grep -rl ${secret} /etc/pgharbor/ 2>/dev/null || true`)).toBe("");
});
