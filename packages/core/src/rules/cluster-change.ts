import { resolveSpec } from "../model/resolve-spec";
import { SyncMode, type ClusterSpec, type KubernetesSpec } from "../spec";
import { parseBytes } from "../spec/units";
import { problemsOf, show, type Problem, type Row } from "../errors";

export interface NamedCluster {
  name: string;
  spec: ClusterSpec;
}

/** Changes that a running cluster does not support. Both must have passed `checkCluster`. */
export function checkClusterChange(previous: NamedCluster, next: NamedCluster): Problem[] {
  const was = resolveSpec(previous.name, previous.spec);
  const is = resolveSpec(next.name, next.spec);
  const disk = { was: was.resources.disk, is: is.resources.disk };
  const version = { was: String(was.postgresMajor), is: String(is.postgresMajor) };
  const etcd = { was: was.etcd.length, is: is.etcd.length };
  const platform = { was: was.platform, is: is.platform };
  return problemsOf([
    {
      when: previous.name !== next.name,
      path: "name",
      message: `cannot change from ${show(previous.name)}, got ${show(next.name)}; volumes and certificates contain it; create a new cluster`,
    },
    {
      when: version.was !== version.is,
      path: "postgresVersion",
      message: `cannot change from ${show(version.was)}, got ${show(version.is)}; create a new cluster and move the data to it`,
    },
    {
      when: parseBytes(disk.is) < parseBytes(disk.was),
      path: "resources.disk",
      message: `cannot shrink from ${show(disk.was)}, got ${show(disk.is)}; keep it or grow it`,
    },
    {
      when: platform.was !== platform.is,
      path: platform.is,
      message: `cannot change from ${platform.was}, because the data stays there; create a new cluster and move the data to it`,
    },
    {
      when: platform.was === platform.is && etcd.was !== etcd.is,
      path: "docker.etcdMembers",
      message: `cannot change from ${etcd.was}, got ${etcd.is}: a running etcd keeps its members; create a new cluster`,
    },
    ...(platform.was === "kubernetes" && platform.is === "kubernetes"
      ? kubernetesRows(previous.spec.kubernetes ?? {}, next.spec.kubernetes ?? {})
      : []),
  ]);
}

/** Changes that are allowed, but end a property of the running cluster. The modes are the effective ones, whether written or not. */
export function clusterChangeWarnings(
  previous: { sync: SyncMode },
  next: { sync: SyncMode; writtenSync: boolean; members: number },
): string[] {
  if (previous.sync === SyncMode.Off || next.sync !== SyncMode.Off || next.writtenSync) return [];
  return [
    `members: with ${next.members}, commits no longer wait for a replica, because sync is "off" by default below three members and was ` +
      `"${previous.sync}": a lost primary may lose the last commits; keep three members, or set sync explicitly`,
  ];
}

function kubernetesRows(was: KubernetesSpec, is: KubernetesSpec): Row[] {
  const inWords = (value: string | undefined, byDefault: string) => (value === undefined ? byDefault : show(value));
  const ofProvider = (namespace?: string) => inWords(namespace, "the provider's namespace");
  const byDefault = (storageClass?: string) => inWords(storageClass, "the default StorageClass");
  return [
    {
      when: was.namespace !== is.namespace,
      path: "kubernetes.namespace",
      message: `cannot change from ${ofProvider(was.namespace)}, got ${ofProvider(is.namespace)}: volumes stay in their namespace; create a new cluster and move the data to it`,
    },
    {
      when: was.storage?.storageClass !== is.storage?.storageClass,
      path: "kubernetes.storage.storageClass",
      message: `cannot change from ${byDefault(was.storage?.storageClass)}, got ${byDefault(is.storage?.storageClass)}: a volume keeps its class; create a new cluster and move the data to it`,
    },
    {
      when: issuerOf(was) !== issuerOf(is),
      path: "kubernetes.certificates",
      message: `cannot change from ${issuerOf(was)}, got ${issuerOf(is)}: members, poolers and clients trust the one they know; create a new cluster`,
    },
  ];
}

/** Source of the certificates. An Issuer and a ClusterIssuer count as one because they may have the same authority. */
function issuerOf({ certificates }: KubernetesSpec): string {
  if (certificates === undefined) return "the cluster's own authority";
  return certificates.secret === undefined ? "certificates of cert-manager" : "a certificate in a Secret";
}
