import { existsSync } from "node:fs";
import { aptInstall, isInstalled, type Progress, runCommand } from "@pgharbor/build-cache";

/** Debian's package of each program that a node needs, except those built here. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  etcd: "etcd-server",
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  iptables: "iptables",
  ip: "iproute2",
  conntrack: "conntrack",
  socat: "socat",
  ethtool: "ethtool",
  kubectl: "kubernetes-client",
};
const CNI_PLUGIN = "/usr/lib/cni/bridge";

/** Installs missing packages. */
export async function ensureNodePackages(progress: Progress): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (!isInstalled("apt-get")) {
    throw new Error(
      `Kubernetes: ${missing.join(", ")} (Debian's names) must be installed; there is no apt-get to do it`,
    );
  }
  progress(`installing ${missing.join(", ")} with apt`);
  await aptInstall(missing, progress);
  // Debian starts a server as soon as it is installed, but the cluster runs a separate etcd.
  if (missing.includes("etcd-server") && existsSync("/run/systemd/system")) {
    await runCommand("systemctl", ["disable", "--now", "etcd"]);
  }
}

function missingPackages(): string[] {
  const missing = Object.entries(PACKAGE_OF).filter(([program]) => !isInstalled(program));
  const cni = existsSync(CNI_PLUGIN) ? [] : ["containernetworking-plugins"];
  return [...new Set([...missing.map(([, name]) => name), ...cni])];
}
