import type { ClusterFolders } from "./cluster-folders";
import { run } from "./kubectl";

/** The namespace of containerd that the kubelet uses. */
const NAMESPACE = "k8s.io";

/** Imports the images of an archive in the format of `docker save`. */
export async function importImages(node: ClusterFolders, archive: Buffer | NodeJS.ReadableStream): Promise<void> {
  await run("ctr", ["-a", node.containerdSocket, "-n", NAMESPACE, "images", "import", "-"], archive);
}

/** Returns the references of the node's images: `docker.io/pgharbor/postgres:17-…`. */
export async function nodeImages(node: ClusterFolders): Promise<Set<string>> {
  const listed = await run("ctr", ["-a", node.containerdSocket, "-n", NAMESPACE, "images", "ls", "-q"]);
  return new Set(listed.split("\n").filter((line) => line !== ""));
}
