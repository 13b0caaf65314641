import { randomBytes } from "node:crypto";
import { failureOf } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { startAzure, type AzureStore } from "../support/object-stores/azure-store";
import { startGcs, type GcsStore } from "../support/object-stores/gcs-store";
import { BUCKET } from "../support/object-stores/store-server";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { TESTED_MAJOR } from "../support/tested-major";

/** Backups in Azurite, and in an emulator of Google Cloud Storage. */
jest.setTimeout(1_800_000);

const NAME = `tclouds${randomBytes(2).toString("hex")}`;
const BACKUP = `${NAME}-backup`;

let azure: AzureStore;
let gcs: GcsStore;
let project: PulumiProject;
let cluster: DockerCluster;

const program = (): string => `
  import * as pulumi from "@pulumi/pulumi";
  import { PostgresCluster } from "pgharbor";
  const config = new pulumi.Config();
  const azure = {
    account: "${azure.account}", container: "${BUCKET}", endpoint: "${azure.endpoint}", uriStyle: "path" as const,
    ca: ${JSON.stringify(azure.place.ca)},
  };
  const gcs = { bucket: "${BUCKET}", endpoint: "${gcs.endpoint}", ca: ${JSON.stringify(gcs.place.ca)} };
  new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 1, tuning: "tiny", deletionProtection: false,
    backups: { repositories: { azure: { azure }, google: { gcs } }, recoveryPoint: 10 },
    backupCredentials: {
      azure: { accountKey: config.requireSecret("accountKey") },
      google: { serviceAccountKey: config.requireSecret("serviceAccountKey") },
    },
  });
`;

beforeAll(async () => {
  [azure, gcs] = [await startAzure(), await startGcs()];
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
  await project.setConfig("accountKey", { secret: azure.accountKey });
  await project.setConfig("serviceAccountKey", { secret: gcs.serviceAccountKey });
});
afterAll(async () => {
  await project?.remove();
  await azure?.remove();
  await gcs?.remove();
});

test("a container that does not exist is one clear error, and the `up` after it was created goes on", async () => {
  const failure = await failureOf(project.up());
  expect(failure).toContain("no repository of the backups has taken WAL");
  expect(failure).toContain("404 (The specified container does not exist.)");
  await azure.createContainer(BUCKET);
  await project.up();
  await project.expectNoChanges();
});

test("both have a backup and the WAL, and both are proved", async () => {
  await eventually(async () => {
    const { azure: one, google: other } = await repositoriesOf(cluster);
    expect([one.backups, other.backups]).toEqual([1, 1]);
  }, 240);
  await cluster.exec(BACKUP, "pgharbor-backups", "prove");
  for (const one of Object.values(await repositoriesOf(cluster))) expect(one).not.toHaveProperty("proofProblem");
  await cluster.exec(BACKUP, "pgbackrest", `--stanza=${NAME}`, "verify", "--repo=1");
  await cluster.exec(BACKUP, "pgbackrest", `--stanza=${NAME}`, "verify", "--repo=2");
});

test("credentials are in no definition, log or state", async () => {
  const state = await project.export();
  for (const secret of [azure.accountKey, gcs.serviceAccountKey.slice(100, 200)]) {
    expect(JSON.stringify([...(await cluster.inspectAll())])).not.toContain(secret);
    expect(await cluster.logs()).not.toContain(secret);
    expect(state).not.toContain(secret);
  }
});
