import { checkCredentials, checkPassphrase, type ResolvedObjectStore } from "@pgharbor/core";
import * as pulumi from "@pulumi/pulumi";
import { PostgresCluster } from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";

const repositories = { local: { volume: {} }, second: { volume: { retain: false }, reuse: true } };

async function declare(more: object) {
  const engine = await MockEngine.start();
  const cluster = new PostgresCluster("shop", { docker: {}, ...more });
  return { cluster, engine: await engine.settle() };
}

test("one container has all repositories, and is created before the members", async () => {
  const { engine } = await declare({ backups: { repositories } });
  const { inputs } = engine.one("docker:index/container:Container", "shop-backup");
  expect(inputs.volumes).toEqual([
    { volumeName: "shop-backup-local", containerPath: "/var/lib/pgbackrest/repo1" },
    { volumeName: "shop-backup-second", containerPath: "/var/lib/pgbackrest/repo2" },
    { volumeName: "shop-backup-proof", containerPath: "/var/lib/pgproof" },
  ]);
  expect(engine.one("docker:index/container:Container", "shop-m1").dependsOn).toContain("shop-backup-files");
});

test("a repository outlives its cluster unless the program says otherwise, and only that is protected", async () => {
  const { engine } = await declare({ backups: { repositories } });
  const volume = (name: string) => engine.one("docker:index/volume:Volume", name);
  expect([volume("shop-backup-local"), volume("shop-backup-second")].map(({ protect }) => protect)).toEqual([
    undefined,
    true,
  ]);
});

test("a passphrase of the program takes the place of the random one, and is a secret", async () => {
  const given = await declare({ backups: { repositories }, backupPassphrase: "correct-horse-battery" });
  const { inputs } = given.engine.one("pulumi-nodejs:dynamic/pgharbor:ContainerFiles", "shop-backup-files");
  expect(inputs.plain).not.toHaveProperty(["pgbackrest.conf"]);
  expect(JSON.stringify(inputs.secret)).toContain("repo2-cipher-pass=correct-horse-battery\\n");
  expect(await pulumi.isSecret(given.cluster.backupPassphrase!)).toBe(true);
});

test.each(["short", "with a space in it", "ünïcødé-and-long-enough", undefined])(
  "the passphrase %j is refused, and not shown",
  (passphrase) => {
    expect(checkPassphrase(passphrase)).toEqual([
      {
        path: "backupPassphrase",
        message: "must be 16 to 255 printable characters of ASCII without spaces; the value is not shown",
      },
    ]);
  },
);

test("a passphrase without backups is refused", () => {
  expect(() => new PostgresCluster("shop", { docker: {}, backupPassphrase: "correct-horse-battery" })).toThrow(
    "backupPassphrase: applies only with a repository in `backups`; leave it out",
  );
});

test("a restore without its passphrase is refused, and so is a passphrase without a restore", () => {
  expect(() => new PostgresCluster("shop", { docker: {}, restore: { cluster: "former" } })).toThrow(
    "restorePassphrase: is missing: backups are encrypted; give the backupPassphrase of their cluster",
  );
  expect(() => new PostgresCluster("shop", { docker: {}, restorePassphrase: "of nothing" })).toThrow(
    "restorePassphrase: applies only with `restore`; leave it out",
  );
});

test("the backups of another cluster are only read, and their volume is not the new cluster's", async () => {
  const { engine } = await declare({ restore: { cluster: "former" }, restorePassphrase: "that of former" });
  const [reader] = engine.of("docker:index/container:Container").filter(({ name }) => name.startsWith("shop-restore-"));
  expect(reader.inputs.volumes).toEqual([
    { volumeName: "former-backup-local", containerPath: "/var/lib/pgbackrest/repo1", readOnly: true },
  ]);
  expect(engine.of("docker:index/volume:Volume").map(({ name }) => name)).not.toContain("former-backup-local");
  expect(engine.one("docker:index/container:Container", "shop-m1").dependsOn).toContain(`${reader.name}-files`);
});

describe("credentials of an object store", () => {
  const s3 = { bucket: "acme-backups", region: "eu-central-1" };
  const offsite = { repositories: { local: { volume: {} }, offsite: { s3 } } };
  const confOf = async (more: object): Promise<string> => {
    const { engine } = await declare({ backups: offsite, ...more });
    const { inputs } = engine.one("pulumi-nodejs:dynamic/pgharbor:ContainerFiles", "shop-backup-files");
    return JSON.stringify(inputs.secret);
  };

  test("go to the one file that needs them; without any the machine's role is used", async () => {
    const credentials = { accessKeyId: pulumi.output("AKIA"), secretAccessKey: pulumi.secret("hush") };
    const given = await confOf({ backupCredentials: { offsite: credentials } });
    expect(given).toContain("repo2-s3-key=AKIA\\nrepo2-s3-key-secret=hush\\n");
    expect(given).not.toContain("key-type");
    expect(await confOf({ backupCredentials: pulumi.output({ offsite: credentials }) })).toBe(given);
    expect(await confOf({})).toContain("repo2-s3-key-type=auto\\n");
  });

  test("are refused where nothing would read them", () => {
    const cluster = (more: object) => () => new PostgresCluster("shop", { docker: {}, ...more });
    const backupCredentials = { local: { accountKey: "hush" } };
    expect(cluster({ backups: { repositories }, backupCredentials })).toThrow(
      "backupCredentials: applies only with a repository in an object store; leave it out",
    );
    const restore = { restore: { cluster: "former" }, restorePassphrase: "that of former" };
    expect(cluster({ ...restore, restoreCredentials: { accountKey: "hush" } })).toThrow(
      "restoreCredentials: applies only with `restore` from an object store; leave it out",
    );
  });

  test.each([
    [
      "s3",
      { accessKeyId: "AKIA", accountKey: "hush" },
      [
        "offsite.accountKey: is no credential of s3; those are accessKeyId, secretAccessKey, sessionToken",
        "offsite: must have both accessKeyId and secretAccessKey",
      ],
    ],
    [
      "s3",
      { accessKeyId: "AKIA", secretAccessKey: "hush\nrepo1-path=/etc" },
      [
        "offsite.secretAccessKey: must be a string of printable characters of ASCII without spaces; the value is not shown",
      ],
    ],
    [
      "gcs",
      { serviceAccountKey: "hush" },
      ["offsite.serviceAccountKey: must be the JSON of a service account's key; the value is not shown"],
    ],
    ["gcs", { serviceAccountKey: "{}" }, []],
    [
      "azure",
      { accountKey: "hush", sasToken: "hush" },
      ["offsite: must have accountKey or sasToken, not both; leave one out"],
    ],
    ["azure", {}, []],
    ["azure", "hush", ["offsite: must be an object; its value is not shown"]],
  ])("of %s as %j have these problems", (type, given, problems) => {
    const found = checkCredentials("offsite", { type } as ResolvedObjectStore, given);
    expect(found.map(({ path, message }) => `${path}: ${message}`)).toEqual(problems);
  });
});

test("a cluster that is protected and has no backups warns, unless the program says that this is meant", async () => {
  const warn = jest.spyOn(pulumi.log, "warn").mockImplementation(() => Promise.resolve());
  const warningsOf = async (more: object) => {
    warn.mockClear();
    await declare(more);
    return warn.mock.calls.map(([message]) => message).filter((message) => message.startsWith("backups"));
  };
  expect(await warningsOf({})).toEqual([expect.stringMatching(/^backups: there are none.*repositories: \{\} \}`$/)]);
  for (const more of [{ deletionProtection: false }, { backups: { repositories } }, { backups: { repositories: {} } }])
    expect(await warningsOf(more)).toEqual([]);
  warn.mockRestore();
  const { engine } = await declare({ backups: { repositories: {} } });
  expect(engine.of("docker:index/container:Container").map(({ name }) => name)).not.toContain("shop-backup");
});
