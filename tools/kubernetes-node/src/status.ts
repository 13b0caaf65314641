import Table from "cli-table3";
import { readFile } from "node:fs/promises";
import { clusterFolders } from "./cluster-folders";
import { runningComponents } from "./component-control";
import { findKubernetes } from "./ensure-kubernetes";
import { logOf } from "./machine/processes";
import { COMPONENTS } from "./node/components";

/** Lists the running components of the cluster and their memory. */
export async function kubernetesStatus(): Promise<string> {
  const folders = clusterFolders();
  const running = runningComponents(folders);
  if (Object.keys(running).length === 0) return "Kubernetes: not up (npm run kubernetes up)";
  const table = new Table({ head: ["component", "process", "MiB", "log"], style: { head: [], border: [] } });
  let total = 0;
  for (const name of COMPONENTS) {
    const pid = running[name];
    const memory = pid === undefined ? 0 : await residentMebibytes(pid);
    total += memory;
    table.push([name, pid ?? "not running", pid === undefined ? "" : memory.toFixed(0), logOf(folders, name)]);
  }
  const found = await findKubernetes();
  const headline = found
    ? `Kubernetes ${found.version}: up`
    : "Kubernetes: only in part (npm run kubernetes up repairs it)";
  return [headline, table.toString(), `${total.toFixed(0)} MiB in all`, `export KUBECONFIG=${folders.kubeconfig}`].join(
    "\n",
  );
}

async function residentMebibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
