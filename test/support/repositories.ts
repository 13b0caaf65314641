import type { RepositoryStatus } from "../../packages/pgharbor/src";
import type { DockerCluster } from "./docker-cluster";

/** What the repositories of a cluster on Docker hold, by name. */
export const repositoriesOf = async (cluster: DockerCluster): Promise<Record<string, RepositoryStatus>> =>
  JSON.parse(await cluster.exec(`${cluster.name}-backup`, "pgharbor-backups", "status")) as Record<
    string,
    RepositoryStatus
  >;
