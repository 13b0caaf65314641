import { homedir } from "node:os";
import { join } from "node:path";
import { isInstalled, type Progress, withFolderLock } from "@pgharbor/build-cache";
import { bringUp } from "./bring-up";
import { ensureGoPrograms } from "./build/go-programs";
import { ensureNodePackages } from "./build/node-packages";
import { clusterFolders, kubernetesCache } from "./cluster-folders";
import { runningComponents } from "./component-control";
import { kubectl } from "./kubectl";
import type { Kubernetes } from "./kubernetes";
import { whyNoNode } from "./machine/why-no-node";
import { COMPONENTS } from "./node/components";
import { CONTEXT } from "./node/kubeconfig";
import { takeDown } from "./take-down";

export interface KubernetesWanted {
  /**
   * A context of the current kubeconfig.
   * @default no context is used: a node of our own is
   */
  readonly context?: string;
}

/** Provides the Kubernetes for tests: the named context, else a single node, which is brought up unless it runs. */
export async function ensureKubernetes(progress: Progress, { context }: KubernetesWanted = {}): Promise<Kubernetes> {
  if (context !== undefined) return namedContext(context);
  const running = await findKubernetes();
  if (running) return running;
  mustBePossible();
  const programs = await ensureGoPrograms(progress);
  return withFolderLock(kubernetesCache(), progress, async () => {
    const meanwhile = await findKubernetes();
    if (meanwhile) return meanwhile;
    const folders = clusterFolders();
    if (await takeDown(folders, progress)) progress("what was left of an earlier Kubernetes is removed");
    await ensureNodePackages(progress);
    await bringUp(folders, programs, progress);
    const found = await findKubernetes();
    if (!found) throw new Error(`Kubernetes: came up and went away; the logs are in ${folders.logs}`);
    return found;
  });
}

/** The node brought up here, if all its components run and the API answers. */
export async function findKubernetes(): Promise<Kubernetes | undefined> {
  const node = clusterFolders();
  if (Object.keys(runningComponents(node)).length < COMPONENTS.length) return undefined;
  const own = { kubeconfig: node.kubeconfig, context: CONTEXT };
  const version = await versionOf(own).catch(() => undefined);
  return version === undefined ? undefined : { ...own, origin: "own", version, node };
}

/** @returns true if there was a node to take down */
export function removeKubernetes(progress: Progress): Promise<boolean> {
  return withFolderLock(kubernetesCache(), progress, () => takeDown(clusterFolders(), progress));
}

async function namedContext(context: string): Promise<Kubernetes> {
  if (!isInstalled("kubectl")) throw new Error(`Kubernetes: there is no kubectl to reach context '${context}' with`);
  const kubeconfig = process.env.KUBECONFIG || join(homedir(), ".kube", "config");
  try {
    const version = await versionOf({ kubeconfig, context });
    return { kubeconfig, context, origin: `context ${context}`, version };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`Kubernetes: context '${context}' of ${kubeconfig} does not answer: ${message}`);
  }
}

async function versionOf(cluster: Pick<Kubernetes, "kubeconfig" | "context">): Promise<string> {
  const answer = await kubectl(cluster, ["--request-timeout=10s", "get", "--raw", "/version"]);
  return (JSON.parse(answer) as { gitVersion: string }).gitVersion;
}

function mustBePossible(): void {
  const reason = whyNoNode();
  if (reason === undefined) return;
  throw new Error(
    `Kubernetes: no node of its own can be brought up on this machine: ${reason}; use a cluster that you have with --context <name>`,
  );
}
