/** Names to read from the catalog: nothing else is read, however many roles the cluster has. */
export interface ClusterNames {
  roles: readonly string[];
  databases: readonly string[];
  grantees: readonly string[];
  tablespaces: readonly string[];
  parameters: readonly string[];
  /** In the declaration's spelling. */
  encodings: readonly string[];
  icuLocales: readonly string[];
}
