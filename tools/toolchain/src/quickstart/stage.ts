import { existsSync, rmSync } from "node:fs";
import type { Progress } from "@pgharbor/build-cache";
import { ensureKubernetes, findKubernetes, type Kubernetes, loadImages } from "@pgharbor/kubernetes-node";
import { ensurePulumi } from "../pulumi";
import { setUp } from "../set-up";
import { ExampleStack, stackFolder } from "./example-stack";
import { openPortForward } from "./port-forward";
import type { Endpoint } from "./prove";
import { recordCluster, makeNamespace, NAMESPACE, removeNamespace, writeKubeconfig } from "./stack-kubernetes";

export interface StageOptions {
  readonly kubernetes: boolean;
  readonly context?: string;
}

/** The platform of the quickstart's program: Docker or a Kubernetes. */
export interface Stage {
  readonly stack: ExampleStack;
  /** Connects to a server from here if its connection string alone does not suffice. */
  readonly endpointOf?: (url: URL) => Promise<Endpoint>;
  /** Additional lines for the user. */
  readonly hints: readonly string[];
}

/** Sets up everything that the program needs. */
export async function openStage(program: string, options: StageOptions, progress: Progress): Promise<Stage> {
  if (!onKubernetes(options)) {
    const { pulumi } = await setUp(progress);
    return { stack: new ExampleStack(pulumi, program, stackName(options)), hints: [] };
  }
  const [{ pulumi, docker, images }, found] = await Promise.all([
    setUp(progress, { kubernetes: true }),
    ensureKubernetes(progress, { context: options.context }),
  ]);
  await loadImages(found, docker.client, [...Object.values(images.postgres), images.gateway], progress);
  const name = stackName(options);
  if (await recordCluster(found, stackFolder(name))) {
    progress("the Kubernetes of the last time is gone, and the stack with it: starting anew");
    rmSync(stackFolder(name), { recursive: true, force: true });
    await recordCluster(found, stackFolder(name));
  }
  const kubernetes = { ...found, kubeconfig: await writeKubeconfig(found, stackFolder(name)) };
  await makeNamespace(kubernetes);
  const stack = new ExampleStack(pulumi, program, name, {
    config: { platform: "kubernetes", "kubernetes:namespace": NAMESPACE },
    env: { KUBECONFIG: kubernetes.kubeconfig },
  });
  return { stack, endpointOf: (url) => openPortForward(kubernetes, url), hints: hintsFor(kubernetes) };
}

/** Removes everything that the program and the quickstart created. @returns what remains on purpose */
export async function closeStage(program: string, options: StageOptions, progress: Progress): Promise<string[]> {
  const name = stackName(options);
  const pulumi = await ensurePulumi(progress, { kubernetes: onKubernetes(options) });
  if (!onKubernetes(options)) {
    const stack = new ExampleStack(pulumi, program, name);
    await stack.exclusively(progress, () => stack.destroy());
    return [];
  }
  const found = options.context === undefined ? await findKubernetes() : await ensureKubernetes(progress, options);
  const folder = stackFolder(name);
  if (found === undefined || (existsSync(folder) && (await recordCluster(found, folder)))) {
    // Its Kubernetes no longer exists.
    new ExampleStack(pulumi, program, name).forget();
    return [];
  }
  const kubernetes: Kubernetes = { ...found, kubeconfig: await writeKubeconfig(found, folder) };
  const stack = new ExampleStack(pulumi, program, name, { env: { KUBECONFIG: kubernetes.kubeconfig } });
  await stack.exclusively(progress, () => stack.destroy());
  // The state's folder, and with it this kubeconfig, is deleted by now.
  await removeNamespace(found);
  return found.origin === "own" ? ["Kubernetes itself is still up: npm run kubernetes down"] : [];
}

function onKubernetes({ kubernetes, context }: StageOptions): boolean {
  return kubernetes || context !== undefined;
}

/** Each platform and each context has a separate stack. */
function stackName(options: StageOptions): string {
  if (!onKubernetes(options)) return "quickstart";
  const { context } = options;
  return context === undefined ? "quickstart-kubernetes" : `quickstart-${context.replace(/[^A-Za-z0-9_.-]/g, "-")}`;
}

function hintsFor({ kubeconfig, origin }: Kubernetes): string[] {
  return [
    "These names are known inside of Kubernetes. From here:",
    `  export KUBECONFIG=${kubeconfig}`,
    `  kubectl --namespace ${NAMESPACE} get pods`,
    `  kubectl --namespace ${NAMESPACE} port-forward service/shop-primary 5433    # then psql with hostaddr=127.0.0.1`,
    ...(origin === "own" ? ["Take Kubernetes down: npm run kubernetes down"] : []),
    "",
  ];
}
