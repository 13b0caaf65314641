import type { PodDemand } from "../../clients/kubernetes/capacity/demand";
import type { Counted } from "../../clients/kubernetes/capacity/surroundings";
import type { Location } from "../../clients/location";

/** What a cluster takes for granted of the Kubernetes it is put into. */
export interface PreflightInputs extends Location {
  cluster: string;
  /** Absent: there must be a default one. */
  storageClass?: string;
  /** The members' claims, and the size of each. */
  claims: string[];
  size: string;
  priorityClass?: string;
  imagePullSecrets: string[];
  /** A Secret with the certificate of all, and the names that it must have. */
  certificate?: { secret: string; names: string[] };
  pods: PodDemand[];
  /** Names of what is made, by what a ResourceQuota calls the kind. */
  objects: Record<Counted, string[]>;
  /** Of the Services, those with a port of every node, and those with a load balancer. */
  nodePorts: string[];
  loadBalancers: string[];
}
