import Table from "cli-table3";
import type { Setup } from "./set-up";

/** What the setup consists of: each part, its version, where it came from. */
export function doctor({ pulumi, docker, images }: Setup): void {
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
  );
  console.log(table.toString());
}
