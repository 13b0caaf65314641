import { existsSync, readFileSync } from "node:fs";

/** Bits of capabilities(7): bridges, routes and iptables need the first, mounts and cgroups the second. */
const NEEDED = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n };

/** Returns the reason why this machine cannot be a Kubernetes node; `undefined` if it can. */
export function whyNoNode(): string | undefined {
  if (process.platform !== "linux") return `this is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return "only root can bring one up";
  if (!existsSync("/sys/fs/cgroup")) return "there are no cgroups in /sys/fs/cgroup";
  const missing = missingCapabilities(readFileSync("/proc/self/status", "utf8"));
  return missing.length === 0 ? undefined : `root has no ${missing.join(" and no ")} here, as in an ordinary container`;
}

/** @param status the format of /proc/self/status */
export function missingCapabilities(status: string): string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return Object.entries(NEEDED).flatMap(([name, bit]) => (((effective >> bit) & 1n) === 1n ? [] : [name]));
}
