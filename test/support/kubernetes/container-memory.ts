import { existsSync, readFileSync } from "node:fs";
import { firstProcessOf } from "./container-processes";

/** A container's working set in MiB, as the kubelet defines it: memory without reclaimable page cache. */
export function workingSetOf(containerId: string): number {
  const folder = controlGroupOf(firstProcessOf(containerId));
  const stat = new Map(
    readFileSync(`${folder}/memory.stat`, "utf8")
      .split("\n")
      .map((line) => line.split(" ") as [string, string]),
  );
  const [usage, inactive] = existsSync(`${folder}/memory.current`)
    ? ["memory.current", "inactive_file"]
    : ["memory.usage_in_bytes", "total_inactive_file"];
  const bytes = Number(readFileSync(`${folder}/${usage}`, "utf8")) - Number(stat.get(inactive));
  return Math.round(bytes / 1024 ** 2);
}

/** The cgroup of version 2 (one hierarchy, number 0), or version 1's cgroup for memory. */
function controlGroupOf(pid: number): string {
  for (const line of readFileSync(`/proc/${pid}/cgroup`, "utf8").trim().split("\n")) {
    const [id, controllers, ...path] = line.split(":");
    if (controllers === "memory") return `/sys/fs/cgroup/memory${path.join(":")}`;
    if (id === "0" && existsSync(`/sys/fs/cgroup${path.join(":")}/memory.stat`))
      return `/sys/fs/cgroup${path.join(":")}`;
  }
  throw new Error(`process ${pid} is in no control group for memory`);
}
