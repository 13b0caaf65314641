import { labelKeys } from "@pgharbor/core";

/** Whose an object of Docker is, as its labels say. */
export interface DockerOwner {
  /** Absent: nothing of pgharbor's, or of a version without this label. */
  uid?: string;
  cluster?: string;
  stack?: string;
}

export const ownerOf = (labels: Record<string, string> | null | undefined): DockerOwner => ({
  uid: labels?.[labelKeys.clusterUid],
  cluster: labels?.[labelKeys.cluster],
  stack: labels?.[labelKeys.stack],
});

/** Completes "container x is …". */
export function describeOwner({ cluster, stack }: DockerOwner): string {
  if (cluster === undefined) return "nothing of pgharbor's";
  return `of cluster ${JSON.stringify(cluster)} of ${stack === undefined ? "another stack" : `stack ${stack}`}`;
}
