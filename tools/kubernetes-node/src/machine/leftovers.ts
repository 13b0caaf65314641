import { existsSync } from "node:fs";
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "@pgharbor/build-cache";
import type { ClusterFolders } from "../cluster-folders";
import { commandLines } from "./command-lines";

const CGROUPS = "/sys/fs/cgroup";
/** On a busy machine a killed process ends with a delay. */
const GONE_MS = 30_000;

/** The kubelet's pods are below this cgroup: one per hierarchy with version 1, a single one with version 2. */
export async function podCgroups(): Promise<string[]> {
  const hierarchies = (await readdir(CGROUPS, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const candidates = [CGROUPS, ...hierarchies.map((entry) => join(CGROUPS, entry.name))];
  return candidates.map((folder) => join(folder, "kubepods")).filter((folder) => existsSync(folder));
}

/** Kills every process of every pod, then the shims of our containerd, which have its address on their command line. */
export async function killPods(folders: ClusterFolders): Promise<void> {
  for (const deadline = Date.now() + GONE_MS; Date.now() < deadline;) {
    const pids = await podProcesses();
    if (pids.length === 0) break;
    pids.forEach(kill);
    await sleep(50);
  }
  const sockets = await shimSockets(folders);
  for (const pid of await shims(folders)) kill(pid);
  await sleep(100);
  for (const socket of sockets) await rm(socket, { force: true });
}

/** Unmounts everything below the cluster's folder, the innermost first. */
export async function unmountAll(folders: ClusterFolders): Promise<void> {
  // Some paths have two mounts: each round removes the upper one.
  for (let pass = 0; pass < 5; pass++) {
    const mounted = await mountsBelow(folders.root);
    if (mounted.length === 0) return;
    for (const place of mounted.reverse()) await runCommand("umount", ["-l", place]);
  }
  const left = await mountsBelow(folders.root);
  if (left.length > 0) throw new Error(`Kubernetes: cannot unmount ${left.join(", ")}; a process may still use it`);
}

export async function mountsBelow(root: string): Promise<string[]> {
  const lines = (await readFile("/proc/mounts", "utf8")).split("\n");
  const places = lines.map((line) =>
    (line.split(" ")[1] ?? "").replace(/\\(\d{3})/g, (_, octal: string) => character(octal)),
  );
  return places.filter((place) => place.startsWith(`${root}/`)).sort();
}

/** A cgroup without processes is removed by removing its folders, the innermost first. */
export async function removePodCgroups(): Promise<void> {
  const deadline = Date.now() + GONE_MS;
  for (const cgroup of await podCgroups()) await removeTree(cgroup, deadline);
}

async function removeTree(folder: string, deadline: number): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name), deadline);
  }
  // A killed process leaves its cgroup with a short delay.
  for (;;) {
    const done = await rmdir(folder).then(
      () => true,
      () => !existsSync(folder),
    );
    if (done || Date.now() > deadline) return;
    await sleep(50);
  }
}

async function podProcesses(): Promise<number[]> {
  const pids = new Set<number>();
  const visit = async (folder: string): Promise<void> => {
    const text = await readFile(join(folder, "cgroup.procs"), "utf8").catch(() => "");
    for (const line of text.split("\n")) if (line !== "" && line !== "0") pids.add(Number(line));
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (entry.isDirectory()) await visit(join(folder, entry.name));
    }
  };
  for (const cgroup of await podCgroups()) await visit(cgroup);
  return [...pids];
}

async function shims(folders: ClusterFolders): Promise<number[]> {
  const isOurs = (words: string[]): boolean =>
    words[0]!.includes("containerd-shim") && words[words.indexOf("-address") + 1] === folders.containerdSocket;
  return (await commandLines()).filter(({ words }) => isOurs(words)).map(({ pid }) => pid);
}

/** Shims always create their sockets in /run, and a killed shim leaves its socket behind. */
async function shimSockets(folders: ClusterFolders): Promise<string[]> {
  const bundles = join(folders.containerd, "state", "io.containerd.runtime.v2.task", "k8s.io");
  const sockets: string[] = [];
  for (const container of await readdir(bundles).catch(() => [])) {
    const address = await readFile(join(bundles, container, "address"), "utf8").catch(() => "");
    const [, socket] = /^unix:\/\/(\/run\/containerd\/s\/[0-9a-f]+)$/.exec(address.trim()) ?? [];
    if (socket !== undefined) sockets.push(socket);
  }
  return sockets;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}

function character(octal: string): string {
  return String.fromCharCode(parseInt(octal, 8));
}
