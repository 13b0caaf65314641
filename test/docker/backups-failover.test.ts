import { randomBytes } from "node:crypto";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { TESTED_MAJOR } from "../support/tested-major";

/** The archive and the backups when the primary is lost. */
jest.setTimeout(1_200_000);

const NAME = `tarchive${randomBytes(2).toString("hex")}`;
const COPY = `${NAME}-copy`;
const program = (more = ""): string => `
  import { PostgresCluster } from "pgharbor";
  const shared = {
    docker: { publish: "auto" as const }, postgresVersion: "${TESTED_MAJOR}", tuning: "tiny" as const, deletionProtection: false,
  };
  const cluster = new PostgresCluster("${NAME}", {
    ...shared, members: 3, backups: { repositories: { local: { volume: { retain: false } } } },
  });
  ${more}
`;
const BACKUP = `${NAME}-backup`;

let project: PulumiProject;
let cluster: DockerCluster;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program() });
  await project.up();
  await eventually(async () => expect(await status()).toMatchObject({ backups: 1 }), 120);
});
afterAll(() => project?.remove());

const status = async () => (await repositoriesOf(cluster)).local;
const pgbackrest = (...command: string[]): Promise<string> =>
  cluster.exec(BACKUP, "pgbackrest", `--stanza=${NAME}`, ...command);

/** Positions in the WAL, whatever their timeline: the hexadecimal number of each file in the archive. */
async function archived(): Promise<number[]> {
  const found = JSON.parse(
    await cluster.exec(BACKUP, "pgbackrest", "repo-ls", "--recurse", "--output=json", `archive/${NAME}`),
  ) as Record<string, unknown>;
  const positions = Object.keys(found).flatMap((path) => {
    const [, log, segment] = /\/[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})-[0-9a-f]{40}/.exec(path) ?? [];
    return log === undefined ? [] : [parseInt(log, 16) * 256 + parseInt(segment, 16)];
  });
  return [...new Set(positions)].sort((a, b) => a - b);
}

/** Fills a number of WAL files. */
async function fill(member: string, files: number, first: number): Promise<void> {
  for (let i = 0; i < files; i++)
    await cluster.psql(member, `insert into ledger values (${first + i}); select pg_switch_wal()`);
}

test("WAL that a lost primary had not archived comes from its successor, and a recovery passes the failover", async () => {
  const lost = await cluster.leader();
  await cluster.psql(lost, "create table ledger (id int primary key)");
  await fill(lost, 2, 1);
  await cluster.docker.getContainer(BACKUP).pause();
  await fill(lost, 4, 3);
  await cluster.docker.getContainer(lost).kill();
  await cluster.docker.getContainer(BACKUP).unpause();
  let successor = lost;
  await eventually(async () => {
    successor = await cluster.leader();
    expect(successor).not.toBe(lost);
    expect(await cluster.psql(successor, "select pg_is_in_recovery()")).toBe("f");
  }, 120);
  await fill(successor, 2, 7);
  const last = (await cluster.psql(successor, "select pg_walfile_name(pg_switch_wal())")).slice(8);
  await eventually(async () => expect((await status()).lastWal!.slice(8) >= last).toBe(true), 180);
  await eventually(async () => {
    const positions = await archived();
    expect(positions.length).toBeGreaterThan(8);
    expect(positions).toEqual(positions.map((_, i) => positions[0] + i));
  }, 120);
  expect(await pgbackrest("verify", "--output=text", "--verbose")).toMatch(/status: ok/);

  await project.write(
    program(`new PostgresCluster("${COPY}", {
      ...shared, members: 1, restore: { cluster: "${NAME}" }, restorePassphrase: cluster.backupPassphrase!,
    });`),
  );
  // The lost member comes back, too.
  await cluster.docker.getContainer(lost).start();
  await project.up();
  const copy = await DockerCluster.named(COPY);
  expect(await copy.psql(`${COPY}-m1`, "select string_agg(id::text, ',' order by id) from ledger")).toBe(
    "1,2,3,4,5,6,7,8",
  );
  await project.write(program());
  await project.up();
});
