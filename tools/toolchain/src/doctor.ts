import Table from "cli-table3";
import { findKubernetes } from "@pgharbor/kubernetes-node";
import type { Setup } from "./set-up";

/** Lists the parts of the set-up with version and origin. Kubernetes is listed only if it is up. */
export async function doctor({ pulumi, docker, images }: Setup): Promise<void> {
  const kubernetes = await findKubernetes();
  const table = new Table({ head: ["what", "version", "from"], style: { head: [], border: [] } });
  table.push(
    ["Node", process.version, process.execPath],
    ["Pulumi CLI", pulumi.version, `${pulumi.origin}: ${pulumi.binary}`],
    ["language host", "nodejs", `${pulumi.languageHost.origin}: ${pulumi.languageHost.path}`],
    ...pulumi.plugins.map((plugin) => [`plugin ${plugin.name}`, plugin.version, plugin.origin]),
    ["Docker", docker.version, `${docker.origin}: ${docker.host}`],
    ...Object.entries(images.postgres).map(([major, tag]) => [`image PostgreSQL ${major}`, tag, "built here"]),
    ["image gateway", images.gateway, "built here"],
    ["image etcd", images.etcd, "built here"],
    kubernetes
      ? ["Kubernetes", kubernetes.version, `${kubernetes.origin}: ${kubernetes.kubeconfig}`]
      : ["Kubernetes", "not up", "npm run kubernetes up"],
  );
  console.log(table.toString());
}
