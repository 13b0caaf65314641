import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubectl, type Kubernetes } from "@pgharbor/kubernetes-node";

export const NAMESPACE = "pgharbor-quickstart";
const MANAGED_BY = { "app.kubernetes.io/managed-by": NAMESPACE };
/** Refuses pods that need more privileges than an ordinary program. */
const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };

/**
 * Writes a kubeconfig that contains only the chosen context, so that no reader (the provider, commands in members, SQL)
 * can connect to another cluster by accident.
 */
export async function writeKubeconfig(kubernetes: Kubernetes, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "kubeconfig");
  const text = await kubectl(kubernetes, ["config", "view", "--minify", "--flatten", "--output=json"]);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/**
 * Records the cluster's uid.
 * @returns true if the recorded uid was different, because a node brought up here was taken down or the machine was
 * rebooted. Then nothing in the stack's state exists any more.
 */
export async function recordCluster(kubernetes: Kubernetes, folder: string): Promise<boolean> {
  const path = "jsonpath={.metadata.uid}";
  const uid = await kubectl(kubernetes, ["get", "namespace", "kube-system", "-o", path]);
  const file = join(folder, "cluster-uid");
  const before = readIfThere(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, uid);
  return before !== undefined && before !== uid;
}

export async function makeNamespace(kubernetes: Kubernetes): Promise<void> {
  const found = await kubectl(kubernetes, ["get", "namespace", NAMESPACE, "--ignore-not-found", "-o", "name"]);
  if (found !== "") return;
  const metadata = { name: NAMESPACE, labels: { ...MANAGED_BY, ...RESTRICTED } };
  await kubectl(kubernetes, ["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata }));
}

/** Removes the namespace only if the quickstart created it. */
export async function removeNamespace(kubernetes: Kubernetes): Promise<void> {
  const [[label, value]] = Object.entries(MANAGED_BY) as [[string, string]];
  const ours = ["--selector", `${label}=${value}`, "--field-selector", `metadata.name=${NAMESPACE}`];
  await kubectl(kubernetes, ["delete", "namespace", ...ours, "--ignore-not-found", "--timeout=120s"]);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
