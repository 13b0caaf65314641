import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { type Progress, runCommand } from "@pgharbor/build-cache";
import { corednsManifests } from "./addons/coredns";
import { localdirManifests } from "./addons/localdir";
import { programImage, programImageReference } from "./addons/program-image";
import { ADDRESSES } from "./addresses";
import type { GoPrograms } from "./build/go-programs";
import type { ClusterFolders } from "./cluster-folders";
import { recordCommands } from "./component-control";
import { importImages } from "./import-images";
import { kubectl } from "./kubectl";
import { podCgroups } from "./machine/leftovers";
import { allowForwarding, recordMachine } from "./machine/machine-state";
import { hasKubeChains, makeNetwork } from "./machine/network";
import { mustBeAlive, startProcess } from "./machine/processes";
import { writeCertificates } from "./node/certificates";
import { cniConfig } from "./node/cni-config";
import { type ComponentName, componentCommands } from "./node/components";
import { containerdConfig } from "./node/containerd-config";
import { CONTEXT } from "./node/kubeconfig";
import { kubeProxyConfig } from "./node/kube-proxy-config";
import { kubeletConfig } from "./node/kubelet-config";

const READY_SECONDS = 120;

/** Brings up a new node. Nothing of an earlier one may be left. */
export async function bringUp(folders: ClusterFolders, programs: GoPrograms, progress: Progress): Promise<void> {
  const start = performance.now();
  await mustBeAlone();
  await makeFolders(folders);
  await recordMachine(folders);
  await writeCertificates(folders);
  await writeConfigs(folders, programs);
  const commands = componentCommands(folders, programs.kubernetes);
  await recordCommands(folders, commands);
  await allowForwarding();
  await makeNetwork();

  const run = (...names: ComponentName[]) =>
    Promise.all(names.map((name) => startProcess(folders, name, commands[name])));
  progress("starting the control plane");
  await run("etcd", "containerd", "apiserver");
  await until(folders, "the API server answers", ["etcd", "apiserver"], async () => {
    return (await ask(folders, ["get", "--raw", "/readyz"])) === "ok";
  });
  await run("controller-manager", "scheduler");
  await until(folders, "containerd answers", ["containerd"], async () => {
    return (await runCommand("ctr", ["-a", folders.containerdSocket, "version"])).code === 0;
  });
  const images = await Promise.all([programs.pause, programs.coredns, programs.localdir].map(programImage));
  for (const image of images) await importImages(folders, image.archive);
  progress("starting the node");
  await run("kubelet", "proxy");
  await until(folders, "the node is Ready", ["kubelet", "proxy", "controller-manager", "scheduler"], async () => {
    const path = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    return (await ask(folders, ["get", "node", ADDRESSES.node, "-o", path])) === "True";
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  progress(`the node is Ready, from nothing in ${seconds} s; starting CoreDNS and the storage classes`);
  await applyAddons(folders, programs);
}

async function applyAddons(folders: ClusterFolders, programs: GoPrograms): Promise<void> {
  const items = [
    ...corednsManifests(programImageReference(programs.coredns)),
    ...localdirManifests(programImageReference(programs.localdir), folders.volumes),
  ];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  const own = { kubeconfig: folders.kubeconfig, context: CONTEXT };
  await kubectl(own, ["apply", "-f", "-"], list);
  for (const name of ["coredns", "localdir"]) {
    await kubectl(own, ["-n", "kube-system", "rollout", "status", `deployment/${name}`, `--timeout=${READY_SECONDS}s`]);
  }
}

/** Two kubelets or two kube-proxies on one machine would each manage the other's pods and rules. */
async function mustBeAlone(): Promise<void> {
  const cgroups = await podCgroups();
  if (cgroups.length === 0 && !(await hasKubeChains())) return;
  const sign = cgroups[0] ?? "iptables' chain KUBE-SERVICES";
  throw new Error(
    `Kubernetes: this machine is a node of another Kubernetes already (${sign}); use that one with --context <name>`,
  );
}

async function makeFolders(folders: ClusterFolders): Promise<void> {
  await mkdir(folders.root, { recursive: true, mode: 0o700 });
  const private_ = [folders.etcd, folders.certificates];
  for (const folder of private_) await mkdir(folder, { recursive: true, mode: 0o700 });
  const { records, logs, podLogs, kubelet, volumes, containerd, cni } = folders;
  for (const folder of [records, logs, podLogs, kubelet, volumes, containerd, join(cni, "net.d")]) {
    await mkdir(folder, { recursive: true });
  }
}

async function writeConfigs(folders: ClusterFolders, programs: GoPrograms): Promise<void> {
  const files: Record<string, string> = {
    [join(folders.containerd, "config.toml")]: containerdConfig(folders, programImageReference(programs.pause)),
    [join(folders.cni, "net.d", "10-pgharbor.conflist")]: cniConfig(folders),
    [join(folders.kubelet, "config.json")]: kubeletConfig(folders),
    [join(folders.root, "kube-proxy.json")]: kubeProxyConfig(join(folders.certificates, "proxy.conf")),
    [join(folders.root, "resolv.conf")]: "",
  };
  for (const [file, text] of Object.entries(files)) await writeFile(file, text);
}

async function ask(folders: ClusterFolders, args: string[]): Promise<string> {
  return kubectl({ kubeconfig: folders.kubeconfig, context: CONTEXT }, ["--request-timeout=5s", ...args]).catch(
    () => "",
  );
}

/** A component that has ended will not become ready, so its output is the error. */
async function until(
  folders: ClusterFolders,
  what: string,
  alive: readonly ComponentName[],
  done: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + READY_SECONDS * 1000;
  while (!(await done())) {
    for (const name of alive) await mustBeAlive(folders, name);
    if (Date.now() > deadline) {
      throw new Error(`Kubernetes: waited ${READY_SECONDS} s until ${what}; the logs are in ${folders.logs}`);
    }
    await sleep(100);
  }
}
