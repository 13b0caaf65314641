import { PostgresCluster } from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";

const CLAIM = "pulumi-nodejs:dynamic/pgharbor:RepositoryClaim";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const SET = "kubernetes:apps/v1:StatefulSet";
const kubernetes = { namespace: "data" };

async function declare(more: object) {
  const engine = await MockEngine.start();
  new PostgresCluster("shop", { kubernetes, members: 2, ...more });
  return engine.settle();
}
type Pod = { spec: { template: { spec: { volumes: { name: string; projected?: { sources: object[] } }[] } } } };
const podOf = (engine: MockEngine, name: string) => (engine.one(SET, name).inputs as unknown as Pod).spec.template.spec;

test("a repository is a claim that outlives the cluster, and one pod that starts before the members", async () => {
  const repositories = {
    local: { volume: { size: "50GB", storageClass: "slow" } },
    short: { volume: { retain: false } },
    bucket: { s3: { bucket: "backups", region: "eu-central-1", endpoint: "minio.example.com:9000" } },
  };
  const engine = await declare({ backups: { repositories } });
  const claims = engine
    .of(CLAIM)
    .map(({ name, protect, inputs }) => [name, protect, inputs.retain, inputs.size])
    .sort();
  expect(claims).toEqual([
    ["shop-backup-local", undefined, true, "50Gi"],
    ["shop-backup-short", true, false, "16Gi"],
  ]);
  const volumes = podOf(engine, "shop-backup").volumes;
  expect(volumes).toContainEqual({
    name: "shop-backup-local",
    persistentVolumeClaim: { claimName: "shop-backup-local" },
  });
  expect(engine.one(SET, "shop-m1").dependsOn).toContain("shop-backup");
  const { claims: asked } = engine.one("pulumi-nodejs:dynamic/pgharbor:Preflight", "shop-preflight").inputs as {
    claims: { name: string }[];
  };
  expect(asked.map(({ name }) => name)).toEqual([
    "shop-m1-data",
    "shop-m2-data",
    "shop-backup-local",
    "shop-backup-short",
  ]);
});

test("turning backups on, or a restore off, changes nothing in the definition of a member", async () => {
  const without = await declare({});
  const backups = await declare({ backups: { repositories: { local: { volume: {} } } } });
  const restored = await declare({ restore: { cluster: "former" }, restorePassphrase: "that of former" });
  for (const engine of [backups, restored]) expect(podOf(engine, "shop-m1")).toEqual(podOf(without, "shop-m1"));
});

test("only members reach the repositories, and these reach members and object stores", async () => {
  const gcs = { bucket: "backups" };
  const engine = await declare({ backups: { repositories: { local: { volume: {} }, google: { gcs } } } });
  const members = [{ podSelector: { matchLabels: { "pgharbor.cluster": "shop", "pgharbor.role": "member" } } }];
  const pgbackrest = [{ protocol: "TCP", port: 8432 }];
  const { ingress, egress } = engine.one(POLICY, "shop-backup").inputs.spec as { ingress: object[]; egress: object[] };
  expect(ingress).toEqual([{ from: members, ports: pgbackrest }]);
  expect(egress.slice(0, 2)).toEqual([{ to: members, ports: pgbackrest }, { ports: [{ protocol: "TCP", port: 443 }] }]);
  const ofMembers = engine.one(POLICY, "shop-members").inputs.spec as { ingress: object[]; egress: object[] };
  const repositories = [
    {
      podSelector: {
        matchLabels: { "pgharbor.cluster": "shop", "pgharbor.role": "backup", "pgharbor.unit": "shop-backup" },
      },
    },
  ];
  expect(ofMembers.ingress).toContainEqual({ from: repositories, ports: pgbackrest });
  expect(ofMembers.egress).toContainEqual({ to: repositories, ports: pgbackrest });
});

test("the backups of another cluster are read where that cluster uses their volume, and not written", async () => {
  const engine = await declare({ restore: { cluster: "former" }, restorePassphrase: "that of former" });
  const [{ name, inputs }] = engine.of(SET).filter((one) => one.name.startsWith("shop-restore-"));
  expect(podOf(engine, name).volumes).toContainEqual({
    name: "former-backup-local",
    persistentVolumeClaim: { claimName: "former-backup-local", readOnly: true },
  });
  expect(JSON.stringify(inputs)).toContain('"podAffinityTerm"');
  expect(engine.of(CLAIM)).toEqual([]);
});

test("without credentials the pod has the role of its ServiceAccount", async () => {
  const s3 = { bucket: "backups", region: "eu-central-1" };
  const engine = await declare({
    kubernetes: { ...kubernetes, backupServiceAccount: "shop-backups" },
    backups: { repositories: { amazon: { s3 }, google: { gcs: { bucket: "backups" } } } },
  });
  expect(podOf(engine, "shop-backup")).toMatchObject({ serviceAccountName: "shop-backups" });
  const { secret } = engine.one("pulumi-nodejs:dynamic/pgharbor:PodFiles", "shop-backup-files").inputs;
  expect(JSON.stringify(secret)).toMatch(/repo1-s3-key-type=web-id.*repo2-gcs-key-type=auto/);
});
