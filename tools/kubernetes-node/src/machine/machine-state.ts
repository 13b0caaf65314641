import { existsSync } from "node:fs";
import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "@pgharbor/build-cache";
import type { ClusterFolders } from "../cluster-folders";

/** The previous values of settings of the machine that Kubernetes and its tools change. */
export interface MachineState {
  /** By their path below /proc/sys. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Those that existed. */
  readonly directories: readonly string[];
  readonly docker: boolean;
  /** True if the module br_netfilter was loaded. */
  readonly bridgeFilter: boolean;
  /** Changes with every boot, which resets all these settings. */
  readonly boot: string;
}

/** kubelet sets the first six; the last two allow packets between pods. */
const SYSCTLS = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];
const FORWARDING = ["net/ipv4/ip_forward", "net/bridge/bridge-nf-call-iptables"];

/** The kubelet, containerd and the CNI plugins create these at fixed paths. */
const DIRECTORIES = [
  "/var/lib/cni",
  "/opt/cni",
  "/etc/cni",
  "/var/lib/kubelet",
  "/var/log/containers",
  "/var/log/pods",
  "/usr/libexec/kubernetes",
];

/** Created for the sockets of shims, Docker's too, and removed if unused. The innermost first. */
const SHARED_DIRECTORIES = ["/run/containerd/s", "/run/containerd/runc", "/run/containerd"];

export async function recordMachine(folders: ClusterFolders): Promise<void> {
  const sysctls: Record<string, string> = {};
  for (const name of [...SYSCTLS, ...FORWARDING]) {
    const value = await readFile(join("/proc/sys", name), "utf8").catch(() => undefined);
    if (value !== undefined) sysctls[name] = value.trim();
  }
  const directories = [...DIRECTORIES, ...SHARED_DIRECTORIES].filter((name) => existsSync(name));
  const state = { sysctls, directories, docker: hasDocker(), bridgeFilter: hasBridgeFilter(), boot: await bootId() };
  await mkdir(folders.records, { recursive: true });
  await writeFile(recordOf(folders), JSON.stringify(state satisfies MachineState, undefined, 2));
}

/** With the second one, a Service's reply between pods goes through iptables, which restores its address. */
export async function allowForwarding(): Promise<void> {
  if (!hasBridgeFilter()) await runCommand("modprobe", ["br_netfilter"]);
  for (const name of FORWARDING) await writeFile(join("/proc/sys", name), "1");
}

/**
 * The machine's state before the current or last cluster; `undefined` if there was none, or the machine was rebooted
 * since.
 */
export async function machineBefore(folders: ClusterFolders): Promise<MachineState | undefined> {
  const text = await readFile(recordOf(folders), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const before = JSON.parse(text) as MachineState;
  return before.boot === (await bootId()) ? before : undefined;
}

export async function restoreMachine(before: MachineState): Promise<void> {
  // A Docker engine that was started since also needs forwarding.
  const kept = hasDocker() && !before.docker ? FORWARDING : [];
  for (const [name, value] of Object.entries(before.sysctls)) {
    if (!kept.includes(name)) await writeFile(join("/proc/sys", name), value);
  }
  if (!before.bridgeFilter && kept.length === 0) await runCommand("modprobe", ["-r", "br_netfilter"]);
  for (const directory of DIRECTORIES) {
    if (!before.directories.includes(directory)) await rm(directory, { recursive: true, force: true });
  }
  for (const directory of SHARED_DIRECTORIES) {
    if (!before.directories.includes(directory)) await rmdir(directory).catch(() => undefined);
  }
}

function recordOf(folders: ClusterFolders): string {
  return join(folders.records, "machine-before.json");
}

function hasDocker(): boolean {
  return existsSync("/sys/class/net/docker0");
}

function hasBridgeFilter(): boolean {
  return existsSync("/proc/sys/net/bridge");
}

function bootId(): Promise<string> {
  return readFile("/proc/sys/kernel/random/boot_id", "utf8");
}
