import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { KubernetesFaultCluster } from "./fault-cluster";

const run = promisify(execFile);

/** Gives an image on the node another name. For Kubernetes it is another image, with the same contents. */
export async function renamedImage(cluster: KubernetesFaultCluster, of: Renamed, image: string): Promise<string> {
  const other = nameOf(cluster, of);
  await images(cluster, "tag", `docker.io/${image}`, `docker.io/${other}`);
  return other;
}

export async function removeRenamedImages(cluster: KubernetesFaultCluster): Promise<void> {
  await images(cluster, "rm", ...(["postgres", "gateway"] as const).map((of) => `docker.io/${nameOf(cluster, of)}`));
}

type Renamed = "postgres" | "gateway";
const nameOf = ({ engine }: KubernetesFaultCluster, of: Renamed): string => `pgharbor-test/${of}:${engine.namespace}`;

async function images({ kubernetes }: KubernetesFaultCluster, ...args: string[]): Promise<void> {
  if (kubernetes.node === undefined) throw new Error("only a node brought up here lets its images be renamed");
  await run("ctr", ["-a", kubernetes.node.containerdSocket, "-n", "k8s.io", "images", ...args]);
}
