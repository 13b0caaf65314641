import type { PodLocation } from "../../clients/kubernetes/connection/client";

/** A claim, and what the deletion of its resource does with it. */
export interface ClaimInputs extends PodLocation {
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
}

/** The volume of a member. */
export interface MemberClaimInputs extends ClaimInputs {
  /** The cluster that starts first with this claim. Used only when the claim is created. */
  bootstrapsCluster?: string;
  /** The system identifier of a database that is given up. Used only when the claim is created. */
  acceptDataLoss?: string;
}

/** The volume of a repository for backups. */
export interface RepositoryClaimInputs extends ClaimInputs {
  /** The repository's name in the program. */
  repository: string;
  /** Continues with the backups of a destroyed cluster of the same name. Used only when the claim is created. */
  reuse: boolean;
}
