import type * as pulumi from "@pulumi/pulumi";
import type { ImageRole, NetworkRole } from "@pgharbor/core";
import type { ClusterMarker } from "./cluster-marker";

/** Facts about the engine that all containers of a cluster share. */
export interface DockerContext {
  engine: string;
  cluster: string;
  marker: ClusterMarker;
  /** Id of each network; for an existing one the name that the program gives. */
  networks: Record<NetworkRole, pulumi.Output<string>>;
  imageIds: Record<ImageRole, pulumi.Output<string>>;
  restartPolicy: string;
  deletionProtection: boolean;
  /** System identifier of a database whose loss the program accepts. */
  acceptDataLoss?: string;
}
