import { mustRun, runCommand } from "@pgharbor/build-cache";
import { ADDRESSES } from "../addresses";

const { nodeBridge, podBridge, forwardChain } = ADDRESSES;

/** Two bridges and a chain: pods can connect to each other and to this machine only. */
export async function makeNetwork(): Promise<void> {
  const podPrefix = ADDRESSES.podCidr.split("/")[1];
  // The kernel may have no dummy device: a bridge without ports carries the node's address as well.
  await ip("link", "add", nodeBridge, "type", "bridge");
  await ip("addr", "add", `${ADDRESSES.nodeIp}/32`, "dev", nodeBridge);
  await ip("link", "set", nodeBridge, "up");
  // Packets that kube-proxy does not handle are dropped here, and do not leave by the default route.
  await ip("route", "add", ADDRESSES.serviceCidr, "dev", nodeBridge);
  await ip("link", "add", podBridge, "type", "bridge");
  await ip("addr", "add", `${ADDRESSES.podGateway}/${podPrefix}`, "dev", podBridge);
  await ip("link", "set", podBridge, "up");
  // Docker sets FORWARD to DROP, and with bridge-nf-call-iptables frames from pod to pod pass there.
  await iptables("-N", forwardChain);
  await iptables("-A", forwardChain, "-i", podBridge, "-o", podBridge, "-j", "ACCEPT");
  await iptables("-A", forwardChain, "-i", podBridge, "-j", "DROP");
  await iptables("-A", forwardChain, "-o", podBridge, "-j", "DROP");
  await iptables("-I", "FORWARD", "1", "-j", forwardChain);
}

/** Also removes KUBE-FIREWALL and canary chains, which `kube-proxy --cleanup` leaves. Missing rules are not a failure. */
export async function removeNetwork(): Promise<void> {
  await runCommand("iptables", ["-w", "-D", "FORWARD", "-j", forwardChain]);
  for (const program of ["iptables", "ip6tables"]) {
    for (const table of ["nat", "filter", "mangle"]) await removeKubeChains(program, table);
  }
  await runCommand("iptables", ["-w", "-F", forwardChain]);
  await runCommand("iptables", ["-w", "-X", forwardChain]);
  await runCommand("conntrack", ["-D", "-d", ADDRESSES.serviceCidr]);
  for (const port of await bridgePorts()) await runCommand("ip", ["link", "del", port]);
  for (const bridge of [podBridge, nodeBridge]) await runCommand("ip", ["link", "del", bridge]);
}

/** True if rules of a kube-proxy exist. */
export async function hasKubeChains(): Promise<boolean> {
  return (await kubeRules("iptables", "nat")).some((rule) => rule.startsWith("-N KUBE-SERVICES"));
}

async function kubeRules(program: string, table: string): Promise<string[]> {
  const { stdout } = await runCommand(program, ["-w", "-t", table, "-S"]);
  return stdout.split("\n").filter((rule) => /KUBE-/.test(rule));
}

async function removeKubeChains(program: string, table: string): Promise<void> {
  const rules = await kubeRules(program, table);
  for (const rule of rules.filter((text) => /^-A [A-Z]+ .*-j KUBE-/.test(text))) {
    await runCommand(program, ["-w", "-t", table, ...words(rule.replace(/^-A/, "-D"))]);
  }
  const chains = rules.filter((text) => text.startsWith("-N KUBE-")).map((text) => text.slice("-N ".length));
  for (const action of ["-F", "-X"]) {
    for (const chain of chains) await runCommand(program, ["-w", "-t", table, action, chain]);
  }
}

/** A rule as iptables prints it: comments are in quotation marks. */
export function words(rule: string): string[] {
  return [...rule.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

async function bridgePorts(): Promise<string[]> {
  const { stdout } = await runCommand("ip", ["-o", "link", "show", "master", podBridge]);
  return [...stdout.matchAll(/^\d+: ([^@:]+)/gm)].map((match) => match[1]!);
}

function ip(...args: string[]): Promise<string> {
  return mustRun("making the cluster's network", "ip", args);
}

function iptables(...args: string[]): Promise<string> {
  return mustRun("making the cluster's network", "iptables", ["-w", ...args]);
}
