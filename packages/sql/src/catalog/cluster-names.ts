/** What the catalog is asked for: nothing else is read, however many roles the cluster has. */
export interface ClusterNames {
  roles: readonly string[];
  databases: readonly string[];
  grantees: readonly string[];
  tablespaces: readonly string[];
  parameters: readonly string[];
  /** As they are declared. */
  encodings: readonly string[];
  icuLocales: readonly string[];
}
