import type { ClusterSpec } from "../spec";
import { checkClusterChange, clusterChangeWarnings } from "./cluster-change";

const change = (previous: ClusterSpec, next: ClusterSpec, name = "shop") =>
  checkClusterChange({ name: "shop", spec: previous }, { name, spec: next });

test("arguments that reload, restart or grow may change", () => {
  expect(
    change({ docker: {} }, { docker: {}, members: 5, resources: { disk: "16GB" }, parameters: { work_mem: "8MB" } }),
  ).toEqual([]);
  expect(
    change({ docker: {} }, { docker: { etcdMembers: 1 }, postgresVersion: "17", resources: { disk: "8192MB" } }),
  ).toEqual([]);
});

test("arguments on which the data depends may not change, and all are reported at once", () => {
  const previous: ClusterSpec = { docker: {}, resources: { disk: "1TB" } };
  const next: ClusterSpec = { docker: { etcdMembers: 3 }, resources: { disk: "512GB" }, postgresVersion: "15" };
  expect(change(previous, next, "store")).toEqual([
    {
      path: "name",
      message: 'cannot change from "shop", got "store"; volumes and certificates contain it; create a new cluster',
    },
    {
      path: "postgresVersion",
      message: 'cannot change from "17", got "15"; create a new cluster and move the data to it',
    },
    { path: "resources.disk", message: 'cannot shrink from "1TB", got "512GB"; keep it or grow it' },
    {
      path: "docker.etcdMembers",
      message: "cannot change from 1, got 3: a running etcd keeps its members; create a new cluster",
    },
  ]);
});

test("a platform cannot change", () => {
  expect(change({ docker: {} }, { kubernetes: {} })).toEqual([
    {
      path: "kubernetes",
      message: "cannot change from docker, because the data stays there; create a new cluster and move the data to it",
    },
  ]);
});

test("on Kubernetes, only arguments on which volumes and trust depend may not change", () => {
  const kubernetes = { namespace: "shop", storage: { storageClass: "fast" }, certificates: { issuer: "shop-ca" } };
  expect(
    change(
      { kubernetes },
      {
        kubernetes: {
          ...kubernetes,
          clusterDomain: "k8s.example",
          storage: { storageClass: "fast", retainOnDelete: true },
          serviceType: "NodePort",
          certificates: { clusterIssuer: "shop-ca" },
          labels: { team: "shop" },
        },
      },
    ),
  ).toEqual([]);
  expect(change({ kubernetes }, { kubernetes: { namespace: "store", certificates: { secret: "own" } } })).toEqual([
    {
      path: "kubernetes.namespace",
      message:
        'cannot change from "shop", got "store": volumes stay in their namespace; create a new cluster and move the data to it',
    },
    {
      path: "kubernetes.storage.storageClass",
      message:
        'cannot change from "fast", got the default StorageClass: a volume keeps its class; create a new cluster and move the data to it',
    },
    {
      path: "kubernetes.certificates",
      message:
        "cannot change from certificates of cert-manager, got a certificate in a Secret: members, poolers and clients trust the one they know; create a new cluster",
    },
  ]);
  expect(change({ kubernetes: {} }, { kubernetes: { ...kubernetes, storage: {} } }).map((p) => p.message)).toEqual([
    expect.stringContaining(`cannot change from the provider's namespace, got "shop"`),
    expect.stringContaining("cannot change from the cluster's own authority, got certificates of cert-manager"),
  ]);
});

test("a change of platform is one problem, even if other arguments differ", () => {
  const previous: ClusterSpec = { kubernetes: { namespace: "shop", storage: { storageClass: "fast" } } };
  expect(change(previous, { docker: { etcdMembers: 3 } }).map((p) => p.path)).toEqual(["docker"]);
});

test("losing quorum commits to fewer members is a warning, unless the program asks for it", () => {
  const off = { sync: "off", writtenSync: false, members: 2 } as const;
  expect(clusterChangeWarnings({ sync: "quorum" }, off)).toEqual([
    'members: with 2, commits no longer wait for a replica, because sync is "off" by default below three members and was "quorum": ' +
      "a lost primary may lose the last commits; keep three members, or set sync explicitly",
  ]);
  expect(clusterChangeWarnings({ sync: "quorum" }, { ...off, writtenSync: true })).toEqual([]);
  expect(clusterChangeWarnings({ sync: "off" }, off)).toEqual([]);
  expect(clusterChangeWarnings({ sync: "quorum" }, { ...off, sync: "quorum" })).toEqual([]);
});
