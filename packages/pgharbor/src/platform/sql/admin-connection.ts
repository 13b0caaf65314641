import type * as pulumi from "@pulumi/pulumi";
import type { ContainerPort } from "../../clients/docker/container-forward";
import type { SqlTunnel } from "../../dynamic/sql/sql-server";

/** Route of a connection. */
export interface AdminRoute {
  host: string;
  port: number;
  /** The name in the server's certificate, if it is not the host. */
  serverName?: string;
  /** A port-forward to a pod through the API server, if this machine cannot connect directly. */
  tunnel?: SqlTunnel;
  /** On Docker: a connection from within one of these containers, to a loopback port, independent of published ports. */
  container?: ContainerPort;
}

/** Connection of pgharbor's own SQL, as a role that may create roles and databases. */
export interface AdminConnection extends AdminRoute {
  username: string;
  password: string;
  /** PEM of the authority that signed the server's certificate. */
  caCertificate: string;
  /** The database to connect to first. */
  database: string;
}

/** A target of SQL. */
export interface SqlTargetRef {
  /** The target's name, for messages. */
  targetName: pulumi.Input<string>;
  /** Secret. */
  adminConnection: pulumi.Input<AdminConnection>;
  /** Secret. The kubeconfig of the target's Kubernetes cluster, if it is not the default one. */
  kubeconfig?: pulumi.Input<string>;
}
