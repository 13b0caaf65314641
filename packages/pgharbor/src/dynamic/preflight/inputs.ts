import type { ClaimDemand, PodDemand } from "../../clients/kubernetes/capacity/demand";
import type { Counted } from "../../clients/kubernetes/capacity/surroundings";
import type { PodLocation } from "../../clients/kubernetes/connection/client";

/** What a PostgreSQL cluster requires of its Kubernetes cluster. */
export interface PreflightInputs extends PodLocation {
  cluster: string;
  claims: ClaimDemand[];
  priorityClass?: string;
  imagePullSecrets: string[];
  /** The Secret with the cluster's certificate, and the names that the certificate must have. */
  certificate?: { secret: string; names: string[] };
  pods: PodDemand[];
  /** The names of the created objects, by a ResourceQuota's name of their kind. */
  objects: Record<Counted, string[]>;
  /** The Services with a node port, and those with a load balancer. */
  nodePorts: string[];
  loadBalancers: string[];
}
