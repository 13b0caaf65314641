import type { ClusterSpec } from "../spec";
import { parseBytes } from "../spec/units";
import { problemsOf, show, type Problem } from "./problem";

export interface NamedCluster {
  name: string;
  spec: ClusterSpec;
}

/** What a running cluster cannot change. Both must have passed `checkCluster`. */
export function checkClusterChange(previous: NamedCluster, next: NamedCluster): Problem[] {
  const disk = { was: previous.spec.resources?.disk ?? "8GB", is: next.spec.resources?.disk ?? "8GB" };
  const version = { was: previous.spec.postgresVersion ?? "17", is: next.spec.postgresVersion ?? "17" };
  const etcd = { was: previous.spec.docker?.etcdMembers ?? 1, is: next.spec.docker?.etcdMembers ?? 1 };
  const platform = { was: platformOf(previous.spec), is: platformOf(next.spec) };
  return problemsOf([
    {
      when: previous.name !== next.name,
      path: "name",
      message: `cannot change from ${show(previous.name)}, got ${show(next.name)}; volumes and certificates have it; make a new cluster`,
    },
    {
      when: version.was !== version.is,
      path: "postgresVersion",
      message: `cannot change from ${show(version.was)}, got ${show(version.is)}; make a new cluster and move the data to it`,
    },
    {
      when: parseBytes(disk.is) < parseBytes(disk.was),
      path: "resources.disk",
      message: `cannot shrink from ${show(disk.was)}, got ${show(disk.is)}; keep it or grow it`,
    },
    {
      when: platform.was !== platform.is,
      path: platform.is,
      message: `cannot change from ${platform.was}, for the data stays there; make a new cluster and move the data to it`,
    },
    {
      when: platform.was === platform.is && etcd.was !== etcd.is,
      path: "docker.etcdMembers",
      message: `cannot change from ${etcd.was}, got ${etcd.is}: a running etcd keeps its members; make a new cluster`,
    },
  ]);
}

const platformOf = (spec: ClusterSpec): string => (spec.docker === undefined ? "kubernetes" : "docker");
