import type { Location } from "../../clients/location";

/** The volume of a member, and what becomes of it with the member. */
export interface MemberClaimInputs extends Location {
  claim: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  storageClass?: string;
  /** As Kubernetes writes it: `8Gi`. */
  size: string;
  /** Whose it is: an earlier attempt of the same stack may have made it. */
  owner: string;
  /** The value of a label that every object of the cluster has. A state of before has none. */
  uid?: string;
  /** Whether a deletion leaves it, and the data on it, for a cluster of the same name. */
  retain: boolean;
  /** The cluster whose first start is made with this claim. Only a creation asks for it. */
  startsCluster?: string;
  /** System identifier of a database that may be given up. Only a creation asks for it. */
  acceptDataLoss?: string;
}
