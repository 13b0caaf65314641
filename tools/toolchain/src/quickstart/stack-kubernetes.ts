import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubectl, type Kubernetes } from "@pgharbor/kubernetes-node";

export const NAMESPACE = "pgharbor-quickstart";
const MADE_BY = { "app.kubernetes.io/managed-by": NAMESPACE };
/** Pods that would need more than an ordinary program are refused. */
const RESTRICTED = { "pod-security.kubernetes.io/enforce": "restricted" };

/**
 * A kubeconfig with the one context that was chosen: whoever reads it (the provider, commands in members, SQL) can reach no other
 * cluster by accident.
 */
export async function writeKubeconfig(kubernetes: Kubernetes, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "kubeconfig");
  const text = await kubectl(kubernetes, ["config", "view", "--minify", "--flatten", "--output=json"]);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/**
 * Whether the stack's state is of another cluster than this one: a node of ours that was taken down, or the machine was started
 * anew. Nothing of what it says exists any more.
 */
export async function isOfAnotherCluster(kubernetes: Kubernetes, folder: string): Promise<boolean> {
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
  const metadata = { name: NAMESPACE, labels: { ...MADE_BY, ...RESTRICTED } };
  await kubectl(kubernetes, ["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata }));
}

/** Only one that we made. */
export async function removeNamespace(kubernetes: Kubernetes): Promise<void> {
  const [[label, value]] = Object.entries(MADE_BY) as [[string, string]];
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
