import { randomBytes } from "node:crypto";
import type { RepositoryStatus } from "../../packages/pgharbor/src";
import { withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { TESTED_MAJOR } from "../support/tested-major";

/** Backups of a running cluster to a volume. */
jest.setTimeout(900_000);

const NAME = `tbackup${randomBytes(2).toString("hex")}`;
const program = (backups: string): string => `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 2, tuning: "tiny", deletionProtection: false, ${backups}
  });
  const owner = new PgUser("owner", { target: cluster, username: "app" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  export const uri = new ServiceBinding("app", { user: owner, database, service: "primary" }).uri;
  export const caCertificate = cluster.caCertificate;
  export const backups = cluster.backups;
  export const passphrase = cluster.backupPassphrase;
`;
const LOCAL = "backups: { repositories: { local: { volume: {} } } },";
interface Outputs {
  uri: string;
  caCertificate: string;
  backups: Record<string, RepositoryStatus>;
  passphrase: string;
}

let project: PulumiProject;
let cluster: DockerCluster;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program("") });
  await project.up();
});
afterAll(async () => {
  await project?.remove();
  await cluster?.docker.getVolume(`${NAME}-backup-local`).remove();
});

const BACKUP = `${NAME}-backup`;
const repositories = () => repositoriesOf(cluster);

test("backups are turned on without a restart, and a first full one follows", async () => {
  const before = await cluster.lives();
  await project.write(program(LOCAL));
  await project.up();
  const { [BACKUP]: _, ...after } = await cluster.lives();
  expect(after).toEqual(before);
  await eventually(async () => expect((await repositories()).local).toMatchObject({ backups: 1 }), 120);
  expect((await repositories()).local).not.toHaveProperty("problem");
  await project.refresh();
  await project.expectNoChanges();
  await project.up();
  expect((await project.outputs<Outputs>()).backups.local.lastFull).toMatch(/^20\d\d-.*Z$/);
});

test("the standby is copied", async () => {
  expect(await cluster.log(BACKUP)).toMatch(/backup start archive|wait for replay on the standby/);
});

test("the passphrase is in the container of the repositories alone, and in no definition, log or state", async () => {
  const { passphrase } = await project.outputs<Outputs>();
  expect(passphrase).toHaveLength(32);
  expect(JSON.stringify([...(await cluster.inspectAll())])).not.toContain(passphrase);
  expect(await cluster.logs()).not.toContain(passphrase);
  expect(await project.export()).not.toContain(passphrase);
  const grep = (container: string) =>
    cluster.exec(container, "sh", "-c", `grep -rl ${passphrase} /etc/pgharbor/ 2>/dev/null || true`);
  expect(await grep(BACKUP)).toContain("pgbackrest.conf");
  expect(await grep(`${NAME}-m1`)).toBe("");
});

/** Asks the repositories with a certificate of a member. */
const ask = (certificate: string): Promise<string> =>
  cluster
    .exec(
      `${NAME}-m1`,
      "pgbackrest",
      "--config=/dev/null",
      `--stanza=${NAME}`,
      `--repo1-host=${BACKUP}`,
      "--repo1-host-type=tls",
      "--repo1-host-ca-file=/etc/pgharbor/current/backup-ca.crt",
      "--repo1-host-config=/etc/pgharbor/current/pgbackrest.conf",
      `--repo1-host-cert-file=/etc/pgharbor/current/${certificate}.crt`,
      `--repo1-host-key-file=/etc/pgharbor/current/${certificate}.key`,
      "info",
    )
    .catch((error: Error) => error.message);

test("the repositories answer only certificates for backups", async () => {
  expect(await ask("backup")).toContain("full backup: 20");
  expect(await ask("identity")).toMatch(/unknown ca/);
});

test("WAL follows the primary after a switchover", async () => {
  const { uri, caCertificate } = await project.outputs<Outputs>();
  const write = () =>
    withClient(uri, caCertificate, (client) =>
      client.query("create table if not exists t(); select pg_current_wal_lsn()"),
    );
  await write();
  const leader = await cluster.leader();
  await cluster.exec(leader, "pgharbor-patroni", "switchover");
  expect(await cluster.leader()).not.toBe(leader);
  await write();
  await cluster.psql(await cluster.leader(), "select pg_switch_wal()");
  await eventually(async () => expect((await repositories()).local.lastWal).toMatch(/^00000002/), 60);
});

test("backups are turned off and on again without a restart, and those in the volume are still there", async () => {
  const { [BACKUP]: _, ...before } = await cluster.lives();
  await project.write(program(""));
  await project.up();
  expect(await cluster.lives()).toEqual(before);
  await project.expectNoChanges();
  await project.write(program(LOCAL));
  await project.up();
  expect((await repositories()).local.backups).toBe(1);
});

describe("after the cluster is destroyed", () => {
  let passphrase: string;

  test("its repository stays, and a cluster of the same name does not write into it by accident", async () => {
    ({ passphrase } = await project.outputs<Outputs>());
    await project.destroy();
    expect(await cluster.remains()).toEqual([`volume ${NAME}-backup-local`]);
    await expect(project.up()).rejects.toThrow(/volume .*-backup-local: already exists.*reuse/s);
  });

  test("a new cluster that says so goes on with it", async () => {
    await project.setConfig("passphrase", { secret: passphrase });
    await project.write(
      program(
        `backups: { repositories: { local: { volume: {}, reuse: true } } },
         backupPassphrase: new pulumi.Config().requireSecret("passphrase"),`,
      ).replace("import", 'import * as pulumi from "@pulumi/pulumi";\n  import'),
    );
    await project.up();
    await eventually(async () => expect((await repositories()).local).toMatchObject({ backups: 2 }), 120);
    await project.expectNoChanges();
  });
});
