import type { ClusterFolders } from "./cluster-folders";

/** A Kubernetes to work with. */
export interface Kubernetes {
  /** In the form of KUBECONFIG: a file, or several with colons between. */
  readonly kubeconfig: string;
  readonly context: string;
  /** The origin: "context <name>" of the user's kubeconfig, or a node brought up here. */
  readonly origin: "own" | `context ${string}`;
  /** Of the API server: "v1.33.0". */
  readonly version: string;
  /** Only of a node brought up here. */
  readonly node?: ClusterFolders;
}
