import type { ClusterFolders } from "./cluster-folders";

/** A usable Kubernetes. */
export interface Kubernetes {
  /** In the format of KUBECONFIG: a file, or several separated by colons. */
  readonly kubeconfig: string;
  readonly context: string;
  /** The origin: "context <name>" of the user's kubeconfig, or a node brought up here. */
  readonly origin: "own" | `context ${string}`;
  /** The version of the API server: "v1.33.0". */
  readonly version: string;
  /** Only for a node brought up here. */
  readonly node?: ClusterFolders;
}
