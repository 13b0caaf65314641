import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { withClient } from "../support/connect";
import { DockerCluster } from "../support/docker-cluster";
import { eventually } from "../support/eventually";
import { ROUNDS } from "../support/faults/by-name";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import { repositoriesOf } from "../support/repositories";
import { TESTED_MAJOR } from "../support/tested-major";

/** A new cluster from the backups of a running one. More points: PGHARBOR_ROUNDS=10 npx jest test/docker/restore. */
jest.setTimeout(3_600_000);

const NAME = `trestore${randomBytes(2).toString("hex")}`;
const COPY = `${NAME}-copy`;
const source = `
  import { PgDatabase, PgUser, PostgresCluster, ServiceBinding } from "pgharbor";
  const shared = { docker: { publish: "auto" as const }, tuning: "tiny" as const, deletionProtection: false };
  const cluster = new PostgresCluster("${NAME}", {
    ...shared, postgresVersion: "${TESTED_MAJOR}", members: 1,
    backups: { repositories: { local: { volume: { retain: false } } }, recoveryPoint: 10 },
  });
  const owner = new PgUser("owner", { target: cluster, username: "app" });
  const database = new PgDatabase("app", { target: cluster, owner: owner.username });
  export const uri = new ServiceBinding("app", { user: owner, database, service: "primary" }).uri;
  export const caCertificate = cluster.caCertificate;
`;
const withCopy = (restore: string, more = `restorePassphrase: cluster.backupPassphrase!`): string => `
  ${source}
  const copy = new PostgresCluster("${COPY}", {
    ...shared, postgresVersion: "${TESTED_MAJOR}", members: 2, ${restore === "" ? "" : `restore: { cluster: "${NAME}", ${restore} }, ${more},`}
  });
  const copiedOwner = new PgUser("copied-owner", { target: copy, username: "app", adopt: true, password: "another one of it" });
  const copiedDatabase = new PgDatabase("copied", { target: copy, databaseName: "app", owner: copiedOwner.username, adopt: true });
  export const copiedUri = new ServiceBinding("copied", { user: copiedOwner, database: copiedDatabase, service: "primary" }).uri;
  export const copiedAuthority = copy.caCertificate;
`;

interface Outputs {
  uri: string;
  caCertificate: string;
  copiedUri: string;
  copiedAuthority: string;
}
/** What a client knows of a transaction: when it began it, and when it was told that it is committed. */
interface Entry {
  id: number;
  began: number;
  acknowledged: number;
}

let project: PulumiProject;
let cluster: DockerCluster;
let copy: DockerCluster;
const ledger: Entry[] = [];
const ids = (rows: { id: number }[]) => rows.map(({ id }) => id).sort((a, b) => a - b);

beforeAll(async () => {
  cluster = await DockerCluster.named(NAME);
  copy = await DockerCluster.named(COPY);
  project = await pulumiProject({ program: source });
  await project.up();
  await write("create table ledger (id int primary key)");
  await eventually(async () => expect((await repositoriesOf(cluster)).local.backups).toBe(1), 120);
});
afterAll(() => project?.remove());

async function write(sql: string): Promise<void> {
  const { uri, caCertificate } = await project.outputs<Outputs>();
  await withClient(uri, caCertificate, (client) => client.query(sql));
}

/** Writes without a pause for some seconds. */
async function fillLedger(seconds: number): Promise<void> {
  const { uri, caCertificate } = await project.outputs<Outputs>();
  const end = Date.now() + seconds * 1000;
  let next = ledger.length;
  const writer = () =>
    withClient(uri, caCertificate, async (client) => {
      while (Date.now() < end) {
        const entry = { id: next++, began: Date.now(), acknowledged: 0 };
        await client.query("insert into ledger values ($1)", [entry.id]);
        ledger.push({ ...entry, acknowledged: Date.now() });
      }
    });
  await Promise.all([writer(), writer(), writer(), writer()]);
}

async function copied(): Promise<number[]> {
  const { copiedUri, copiedAuthority } = await project.outputs<Outputs>();
  return withClient(copiedUri, copiedAuthority, async (client) =>
    ids((await client.query<{ id: number }>("select id from ledger")).rows),
  );
}

test.each(ROUNDS)(
  "a point in the middle of writes: all that was acknowledged before, and nothing that began later (%i)",
  async () => {
    await fillLedger(6);
    const [first, last] = [ledger[0].began, ledger.at(-1)!.acknowledged];
    const point = Math.round(first + (last - first) * (0.2 + 0.6 * Math.random()));
    await project.write(withCopy(`time: "${new Date(point).toISOString()}"`));
    await project.up();
    const found = new Set(await copied());
    const before = ids(ledger.filter(({ acknowledged }) => acknowledged < point));
    const after = ids(ledger.filter(({ began }) => began > point));
    expect(before.length).toBeGreaterThan(10);
    expect(after.length).toBeGreaterThan(10);
    expect(before.filter((id) => !found.has(id))).toEqual([]);
    expect(after.filter((id) => found.has(id))).toEqual([]);
    // The other member follows, nothing waits for a restart, and no later start of Postgres stops at the point.
    const members = await copy.members();
    expect(members.map(({ State }) => State).sort()).toEqual(["running", "streaming"]);
    expect(members.map((member) => member["Pending restart"])).toEqual([undefined, undefined]);
    for (const member of members)
      expect(await copy.exec(member.Host, "sh", "-c", "grep -h ^recovery_target ../data/pgdata/*.conf || true")).toBe(
        "",
      );
    await project.expectNoChanges();
    await project.refresh();
    await project.expectNoChanges();
    if (ROUNDS.length > 1) {
      await project.write(source);
      await project.up();
    }
  },
);

test("the point cannot change in a cluster that runs, and `restore` goes without a restart", async () => {
  await project.write(withCopy(`immediate: true`));
  await expect(project.preview()).rejects.toThrow(/restore.*applies when a cluster is created/s);
  const reader = /-copy-restore-/;
  const before = Object.fromEntries(Object.entries(await copy.lives()).filter(([name]) => !reader.test(name)));
  await project.write(withCopy(""));
  await project.up();
  expect(await copy.lives()).toEqual(before);
  await project.expectNoChanges();
  await project.write(source);
  await project.up();
});

test("without a point everything that was archived comes back", async () => {
  await cluster.psql(`${NAME}-m1`, "select pg_switch_wal()");
  await sleep(5000);
  await project.write(withCopy('repository: "local"'));
  await project.up();
  expect(await copied()).toEqual(ids(ledger));
  await project.write(source);
  await project.up();
});

test("what cannot be restored is said, and the corrected program goes on", async () => {
  const failures: [program: string, words: RegExp][] = [
    [withCopy("immediate: true", `restorePassphrase: "not-the-passphrase"`), /passphrase: correct restorePassphrase/],
    [withCopy('repository: "other"'), /there is no volume .*-backup-other with backups on this engine/],
    [withCopy(`time: "2020-01-01T00:00:00Z"`), /the earliest point is 20/],
    [
      withCopy(`time: "${new Date(Date.now() + 86_400_000).toISOString()}"`),
      /recovery ended before configured recovery target was reached/,
    ],
  ];
  for (const [program, words] of failures) {
    await project.write(program);
    await expect(project.up()).rejects.toThrow(words);
  }
  await project.write(withCopy("immediate: true"));
  await project.up();
  await project.expectNoChanges();
});
