import type { PodLocation } from "../../clients/kubernetes/connection/client";

/** The volume of a member, and what a deletion of the member does with it. */
export interface MemberClaimInputs extends PodLocation {
  claim: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  storageClass?: string;
  /** A Kubernetes quantity such as `8Gi`. */
  size: string;
  /** The owner. An earlier attempt of the same stack may have created the claim. */
  owner: string;
  /** The value of a label on every object of the cluster. States of earlier versions have none. */
  uid?: string;
  /** True: a deletion retains the claim and its data for a cluster of the same name. */
  retain: boolean;
  /** The cluster that starts first with this claim. Used only when the claim is created. */
  bootstrapsCluster?: string;
  /** The system identifier of a database that is given up. Used only when the claim is created. */
  acceptDataLoss?: string;
}
