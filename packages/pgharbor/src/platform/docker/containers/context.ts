import type * as pulumi from "@pulumi/pulumi";
import type { ImageRole, NetworkRole } from "@pgharbor/core";
import type { ClusterMarker } from "./cluster-marker";

/** What every container of a cluster needs of the engine it runs on. */
export interface DockerContext {
  engine: string;
  cluster: string;
  marker: ClusterMarker;
  /** Id of each network; the name of one that a person brings. */
  networks: Record<NetworkRole, pulumi.Output<string>>;
  imageIds: Record<ImageRole, pulumi.Output<string>>;
  restartPolicy: string;
  deletionProtection: boolean;
  /** System identifier of a database that is given up. */
  acceptDataLoss?: string;
}
