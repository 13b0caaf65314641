import type { Progress } from "@pgharbor/build-cache";
import { ensureKubernetes, findKubernetes, removeKubernetes } from "./ensure-kubernetes";
import { kubernetesStatus } from "./status";

/** `npm run kubernetes up`: prints how to use the cluster. */
export async function kubernetesUp(progress: Progress): Promise<void> {
  const running = await findKubernetes();
  const { version, kubeconfig } = running ?? (await ensureKubernetes(progress));
  console.log(`Kubernetes ${version} ${running ? "was up already" : "is up"}: export KUBECONFIG=${kubeconfig}`);
}

/** `npm run kubernetes down` */
export async function kubernetesDown(progress: Progress): Promise<void> {
  const removed = await removeKubernetes(progress);
  console.log(removed ? "Kubernetes is down and the machine as it was before." : "Kubernetes was not up.");
}

/** `npm run kubernetes status` */
export async function showKubernetesStatus(): Promise<void> {
  console.log(await kubernetesStatus());
}
