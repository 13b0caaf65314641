import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { BUCKET, REGION, S3Store } from "../support/object-stores/s3-store";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { TESTED_MAJOR } from "../support/tested-major";

/** Backups in a bucket of a real S3 store on this machine. */
jest.setTimeout(1_800_000);

const NAME = `tbucket${randomBytes(2).toString("hex")}`;
const BACKUP = `${NAME}-backup`;
const WRONG = randomBytes(18).toString("hex");

let store: S3Store;
let project: PulumiProject;
let cluster: DockerCluster;

const bucket = () => `{ bucket: "${BUCKET}", region: "${REGION}", endpoint: "${store.endpoint}",
  ca: ${JSON.stringify(store.ca)} }`;
const credentials = (secret = 'config.requireSecret("secretAccessKey")') =>
  `{ accessKeyId: config.requireSecret("accessKeyId"), secretAccessKey: ${secret} }`;
const program = (more: string, options: { secret?: string; name?: string; adopt?: boolean } = {}): string => `
  import * as pulumi from "@pulumi/pulumi";
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const config = new pulumi.Config();
  const cluster = new PostgresCluster("${options.name ?? NAME}", {
    docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 2, tuning: "tiny", deletionProtection: false, ${more}
  });
  const adopt = ${options.adopt === true};
  const owner = new PgUser("owner", { target: cluster, username: "app", adopt, password: config.requireSecret("owner") });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username, adopt });
  export const uri = new ServiceBinding("app", { user: owner, database, service: "primary" }).uri;
  export const caCertificate = cluster.caCertificate;
  export const passphrase = cluster.backupPassphrase;
`;
const withBackups = (secret?: string, retention = "full: 1") =>
  program(
    `backups: { repositories: { offsite: { s3: ${bucket()}, retention: { ${retention} } } }, recoveryPoint: 10 },
     backupCredentials: { offsite: ${credentials(secret)} },`,
  );
interface Outputs {
  uri: string;
  caCertificate: string;
  passphrase: string;
}

beforeAll(async () => {
  store = await S3Store.start();
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: withBackups() });
  const secrets = { accessKeyId: store.accessKeyId, secretAccessKey: store.secretAccessKey, wrong: WRONG };
  for (const [name, secret] of Object.entries({ ...secrets, owner: randomBytes(8).toString("hex") }))
    await project.setConfig(name, { secret });
});
afterAll(async () => {
  await project?.remove();
  await store?.remove();
});

const offsite = async () => (await repositoriesOf(cluster)).offsite;
const query = async <T>(sql: string): Promise<T[]> => {
  const { uri, caCertificate } = await project.outputs<Outputs>();
  return withClient(uri, caCertificate, async (client) => (await client.query(sql)).rows as T[]);
};
const backupsInBucket = async () =>
  (await readdir(path.join(store.bucket, NAME, "backup", NAME))).filter((name) => /^\d{8}-\d{6}F$/.test(name));

test("a bucket that refuses the credentials is one clear error, and the corrected program goes on", async () => {
  await project.write(withBackups('config.requireSecret("wrong")'));
  await expect(project.up()).rejects.toThrow(
    /no repository of the backups has taken WAL.*(403|SignatureDoesNotMatch)/s,
  );
  await project.write(withBackups());
  await project.up();
  await project.expectNoChanges();
  await eventually(async () => expect(await offsite()).toMatchObject({ backups: 1 }), 120);
  await project.refresh();
  await project.expectNoChanges();
});

test("credentials are in the container of the repositories alone, and in no definition, log or state", async () => {
  const state = await project.export();
  for (const secret of [store.accessKeyId, store.secretAccessKey, WRONG]) {
    expect(JSON.stringify([...(await cluster.inspectAll())])).not.toContain(secret);
    expect(state).not.toContain(secret);
    expect(await cluster.exec(`${NAME}-m1`, "sh", "-c", `grep -rl ${secret} /etc/pgharbor/ || true`)).toBe("");
  }
  // A store that refuses a request names the id of the key in its answer.
  const logs = await cluster.logs();
  for (const secret of [store.secretAccessKey, WRONG]) expect(logs).not.toContain(secret);
  expect(await cluster.exec(BACKUP, "grep", "-c", store.secretAccessKey, "/etc/pgharbor/current/pgbackrest.conf")).toBe(
    "1\n",
  );
});

test("no file in the bucket can be read without the passphrase", async () => {
  await query("create table secrets as select 'a word in the clear' as word from generate_series(1, 1000)");
  await cluster.exec(BACKUP, "pgharbor-backups", "run", "--type", "full");
  const words = "a word in the clear|pg_control|archive_command";
  const { stdout } = await promisify(execFile)("sh", ["-c", `grep -rlE "${words}" "${store.bucket}" || true`]);
  expect(stdout).toBe("");
});

test("what the retention ends is gone from the bucket", async () => {
  const [before] = await backupsInBucket();
  await cluster.exec(BACKUP, "pgharbor-backups", "run", "--type", "full");
  const after = await backupsInBucket();
  expect(after).toHaveLength(1);
  expect(after).not.toContain(before);
});

test("without the bucket transactions go on; once it is back, their WAL is in it", async () => {
  await query("create table while_away (id int)");
  await store.withoutBucket(async () => {
    for (let id = 0; id < 20; id++) await query(`insert into while_away values (${id})`);
    await cluster.psql(await cluster.leader(), "select pg_switch_wal()");
    await eventually(async () => expect(await offsite()).toHaveProperty("problem"), 30);
  });
  const wal = async () => (await offsite()).lastWal;
  const [{ name }] = await query<{ name: string }>("select pg_walfile_name(pg_current_wal_lsn() - 1) as name");
  await cluster.psql(await cluster.leader(), "select pg_switch_wal()");
  await eventually(async () => expect((await wal()) ?? "").toMatch(new RegExp(`^${name.slice(0, 8)}`)), 60);
  await eventually(async () => expect((await wal())! >= name).toBe(true), 120);
  expect(await offsite()).not.toHaveProperty("problem");
  await cluster.exec(BACKUP, "pgharbor-backups", "run", "--type", "incr");
});

test("the store is away in the middle of a backup: none is counted that is not whole, and the next one is", async () => {
  const before = (await offsite()).backups;
  const failed = cluster.exec(BACKUP, "pgharbor-backups", "run", "--type", "full").catch((error: Error) => error);
  await sleep(1500);
  await store.stop();
  expect(await failed).toBeInstanceOf(Error);
  await store.listen();
  expect((await offsite()).backups).toBe(before);
  await cluster.exec(BACKUP, "pgharbor-backups", "run", "--type", "full");
  await cluster.exec(BACKUP, "pgbackrest", `--stanza=${NAME}`, "verify");
});

describe("after the cluster is destroyed", () => {
  let passphrase: string;

  test("a cluster of another name starts from the bucket", async () => {
    await query("create table last_words as select 'archived' as word");
    await cluster.psql(await cluster.leader(), "select pg_switch_wal()");
    const [{ name }] = await query<{ name: string }>("select pg_walfile_name(pg_current_wal_lsn() - 1) as name");
    await eventually(async () => expect((await offsite()).lastWal! >= name).toBe(true), 60);
    ({ passphrase } = await project.outputs<Outputs>());
    await project.destroy();
    expect(await cluster.remains()).toEqual([]);
    await project.setConfig("passphrase", { secret: passphrase });
    await project.write(
      program(
        `restore: { cluster: "${NAME}", s3: ${bucket()} }, restorePassphrase: config.requireSecret("passphrase"),
         restoreCredentials: ${credentials()},`,
        { name: `${NAME}-copy`, adopt: true },
      ),
    );
    await project.up();
    expect(await query("select word from last_words")).toEqual([{ word: "archived" }]);
    expect(await query("select count(*)::int as rows from while_away")).toEqual([{ rows: 20 }]);
    await project.expectNoChanges();
    await project.destroy();
  });

  test("a cluster of its name does not write into its backups by accident", async () => {
    await project.write(
      withBackups().replace(
        "backupCredentials",
        `backupPassphrase: config.requireSecret("passphrase"), backupCredentials`,
      ),
    );
    await expect(project.up()).rejects.toThrow(/has backups of another database: set reuse: true/);
    await project.write(
      withBackups()
        .replace("backupCredentials", `backupPassphrase: config.requireSecret("passphrase"), backupCredentials`)
        .replace("retention: {", "reuse: true, retention: {"),
    );
    await project.up();
    await project.expectNoChanges();
  });
});
