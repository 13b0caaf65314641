import { randomBytes } from "node:crypto";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { TESTED_MAJOR } from "../support/tested-major";

/** Backups are restored, looked at, and thrown away. */
jest.setTimeout(1_200_000);

const NAME = `tproof${randomBytes(2).toString("hex")}`;
const BACKUP = `${NAME}-backup`;
const LEDGER = `{ database: "postgres", sql: "select sum(id) from ledger", expected: "500500" }`;
const program = (proof: string): string => `
  import { PostgresCluster } from "pgharbor";
  const cluster = new PostgresCluster("${NAME}", {
    docker: { publish: "auto" }, postgresVersion: "${TESTED_MAJOR}", members: 1, tuning: "tiny", deletionProtection: false,
    backups: { repositories: { local: { volume: { retain: false } } }, recoveryPoint: 10, proof: { ${proof} } },
  });
  export const backups = cluster.backups;
`;

let project: PulumiProject;
let cluster: DockerCluster;
beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  project = await pulumiProject({ program: program(`queries: [${LEDGER}]`) });
  await project.up();
  await psql("create table ledger as select generate_series(1, 1000) as id");
  await psql("create index on ledger (id)");
  await eventually(async () => expect((await local()).backups).toBe(1), 120);
  // After the backup, so that it comes from the archive.
  await psql("insert into ledger select 0 from generate_series(1, 5)");
  const name = await psql("select pg_walfile_name(pg_switch_wal())");
  await eventually(async () => expect((await local()).lastWal! >= name).toBe(true), 60);
});
afterAll(() => project?.remove());

const psql = (sql: string) => cluster.psql(`${NAME}-m1`, sql);
const local = async () => (await repositoriesOf(cluster)).local;
const prove = (): Promise<string> =>
  cluster.exec(BACKUP, "pgharbor-backups", "prove").catch((error: Error) => error.message);
const processes = () => cluster.exec(BACKUP, "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
const left = () => cluster.exec(BACKUP, "ls", "-A", "/var/lib/pgproof");

test("a proof restores to the end of the archive, looks, and leaves nothing but its result", async () => {
  await prove();
  expect(await local()).toMatchObject({ proved: expect.stringMatching(/^20.*Z$/) as string });
  expect(await local()).not.toHaveProperty("proofProblem");
  expect((await local()).proofSeconds).toBeGreaterThan(0);
  expect(await processes()).not.toMatch(/postgres -D|postmaster/);
  expect((await left()).split("\n").filter((name) => !/^(|\.lock|results\.json)$/.test(name))).toEqual([]);
  await project.refresh();
  await project.expectNoChanges();
});

test("what an owner of a database wrote does nothing in a proof that the owner may not do", async () => {
  await psql("create role mallory login");
  await psql("create database trap owner mallory");
  const inTrap = (sql: string) =>
    cluster.exec(`${NAME}-m1`, "psql", "-XAtq", "-d", "trap", "-c", `set role mallory; ${sql}`);
  await inTrap(`create table bait (id int)`);
  await inTrap(
    `create function grab() returns int language plpgsql as $$ begin
       execute 'copy (select 1) to program ''touch /var/lib/pgproof/caught'''; return 1;
     exception when others then return 2; end $$`,
  );
  await inTrap(`create view hook as select grab() as id`);
  const name = await psql("select pg_walfile_name(pg_switch_wal())");
  await eventually(async () => expect((await local()).lastWal! >= name).toBe(true), 60);
  await project.write(program(`queries: [${LEDGER}, { database: "trap", sql: "select id from hook", expected: "2" }]`));
  await project.up();
  await prove();
  expect(await local()).not.toHaveProperty("proofProblem");
  expect(await left()).not.toContain("caught");
});

test("another answer than the expected one is said by the exit status, the log, the output, and the next preview", async () => {
  await project.write(program(`queries: [${LEDGER.replace("500500", "7")}]`));
  await project.up();
  expect(await prove()).toContain("expected 7, got 500500");
  const problem = "database postgres: select sum(id) from ledger: expected 7, got 500500";
  expect((await local()).proofProblem).toBe(problem);
  await project.refresh();
  const { stdout, stderr } = await project.preview();
  expect(stdout + stderr).toContain(`backups: repository local does not restore: ${problem}`);
});

test("a damaged file in the repository is found", async () => {
  await project.write(program(`queries: [${LEDGER}]`));
  await project.up();
  await prove();
  expect(await local()).not.toHaveProperty("proofProblem");
  const folder = `/var/lib/pgbackrest/repo1/backup/${NAME}`;
  const file = (await cluster.exec(BACKUP, "sh", "-c", `ls -S ${folder}/2*F/bundle/* | head -1`)).trim();
  await cluster.exec(
    BACKUP,
    "sh",
    "-c",
    `dd if=/dev/urandom of=${file} bs=1 seek=$(($(stat -c %s ${file}) / 2)) count=64 conv=notrunc`,
  );
  await prove();
  expect((await local()).proofProblem).toMatch(/pgbackrest restore/);
});

test("proofs are turned off without a restart of a member", async () => {
  const { [BACKUP]: _, ...before } = await cluster.lives();
  await project.write(program('schedule: ""'));
  await project.up();
  const { [BACKUP]: __, ...after } = await cluster.lives();
  expect(after).toEqual(before);
  expect(await prove()).toContain("the program has turned proofs off");
  const { proved } = await local();
  expect(proved).toBeUndefined();
});
