import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KubernetesFaultCluster } from "./fault-cluster";

const run = promisify(execFile);

/** An image of the node by another name: to Kubernetes another image, and alike in everything else. */
export async function renamedImage(cluster: KubernetesFaultCluster, image: string): Promise<string> {
  const other = nameOf(cluster);
  await images(cluster, "tag", `docker.io/${image}`, `docker.io/${other}`);
  return other;
}

export async function removeRenamedImage(cluster: KubernetesFaultCluster): Promise<void> {
  await images(cluster, "rm", `docker.io/${nameOf(cluster)}`);
}

const nameOf = ({ engine }: KubernetesFaultCluster): string => `pgharbor-test/postgres:${engine.namespace}`;

async function images({ kubernetes }: KubernetesFaultCluster, ...args: string[]): Promise<void> {
  if (kubernetes.node === undefined) throw new Error("only a node brought up here lets its images be renamed");
  await run("ctr", ["-a", kubernetes.node.containerdSocket, "-n", "k8s.io", "images", ...args]);
}
