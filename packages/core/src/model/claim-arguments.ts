/** The arguments that set the size and the StorageClass of a claim on Kubernetes: a repository's, or the members'. */
export const claimArguments = (repository?: string) =>
  repository === undefined
    ? { sizeArgument: "resources.disk", classArgument: "kubernetes.storage.storageClass" }
    : {
        sizeArgument: `backups.repositories.${repository}.volume.size`,
        classArgument: `backups.repositories.${repository}.volume.storageClass`,
      };
