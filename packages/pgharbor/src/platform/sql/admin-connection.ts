import type * as pulumi from "@pulumi/pulumi";
import type { ContainerPort } from "../../clients/docker/container-forward";
import type { SqlTunnel } from "../../dynamic/sql/sql-server";

/** Where a connection goes. */
export interface AdminRoute {
  host: string;
  port: number;
  /** The name in the server's certificate where it is not the host. */
  serverName?: string;
  /** Where no address of this machine leads to it: a port-forward to a pod, through the API server. */
  tunnel?: SqlTunnel;
  /** On Docker: from within one of these containers, by its loopback, whatever port is published. */
  container?: ContainerPort;
}

/** How pgharbor's own SQL reaches a server: as a role that may create roles and databases. */
export interface AdminConnection extends AdminRoute {
  username: string;
  password: string;
  /** PEM of the authority that signed the server's certificate. */
  caCertificate: string;
  /** The database to connect to first. */
  database: string;
}

/** What SQL needs of a target. */
export interface SqlTargetRef {
  /** The target's name, for messages. */
  targetName: pulumi.Input<string>;
  /** Secret. */
  adminConnection: pulumi.Input<AdminConnection>;
  /** Secret. The kubeconfig of the Kubernetes cluster that it is in, where it is not the usual one. */
  kubeconfig?: pulumi.Input<string>;
}
