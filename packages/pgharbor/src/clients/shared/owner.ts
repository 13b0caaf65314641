import { labelKeys } from "@pgharbor/core";

/** Returns the owner of an object, read from the object's labels and, on Kubernetes, annotations. */
export interface Owner {
  /** Absent on objects that pgharbor did not create, and on those of a version without this label. */
  uid?: string;
  cluster?: string;
  stack?: string;
}

export const ownerOf = (labels: Record<string, string> | null | undefined): Owner => ({
  uid: labels?.[labelKeys.clusterUid],
  cluster: labels?.[labelKeys.cluster],
  stack: labels?.[labelKeys.stack],
});

/** Completes "container x is …". */
export function describeOwner({ cluster, stack }: Owner): string {
  if (cluster === undefined) return "not managed by pgharbor";
  return `of cluster ${JSON.stringify(cluster)} of ${stack === undefined ? "another stack" : `stack ${stack}`}`;
}
