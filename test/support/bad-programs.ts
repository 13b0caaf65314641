import { badBackups } from "./bad-programs/backups";
import { badClusters as clusters } from "./bad-programs/clusters";
import { badHba } from "./bad-programs/hba";
import { badKubernetes } from "./bad-programs/kubernetes";
import { badKubernetesServices } from "./bad-programs/kubernetes-services";
import { badParameters } from "./bad-programs/parameters";
import { badServices } from "./bad-programs/services";
import type { BadCluster } from "./bad-programs/types";

export { badDatabases } from "./bad-programs/databases";
export { badUsers } from "./bad-programs/users";
export type * from "./bad-programs/types";

/** Invalid cluster specifications, each with the path and message of every expected problem. */
export const badClusters: BadCluster[] = [
  ...clusters,
  ...badBackups,
  ...badParameters,
  ...badHba,
  ...badServices,
  ...badKubernetes,
  ...badKubernetesServices,
];
