import { join } from "node:path";
import { cacheFolder } from "@pgharbor/build-cache";

/** Paths of the cluster, all below one folder, which is deleted when the cluster is taken down. */
export interface ClusterFolders {
  readonly root: string;
  readonly certificates: string;
  readonly kubeconfig: string;
  readonly etcd: string;
  readonly logs: string;
  readonly podLogs: string;
  readonly kubelet: string;
  readonly volumes: string;
  readonly containerd: string;
  readonly containerdSocket: string;
  readonly cni: string;
  /** The running components with their command lines, and the machine's previous state. */
  readonly records: string;
}

/** Programs stay in the cache; the cluster itself is its subfolder `cluster`. */
export function kubernetesCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(cacheFolder(env), "kubernetes");
}

export function clusterFolders(root = join(kubernetesCache(), "cluster")): ClusterFolders {
  const containerd = join(root, "containerd");
  return {
    root,
    certificates: join(root, "certificates"),
    kubeconfig: join(root, "kubeconfig"),
    etcd: join(root, "etcd"),
    logs: join(root, "logs"),
    podLogs: join(root, "pod-logs"),
    kubelet: join(root, "kubelet"),
    volumes: join(root, "volumes"),
    containerd,
    containerdSocket: join(containerd, "grpc.sock"),
    cni: join(root, "cni"),
    records: join(root, "records"),
  };
}
