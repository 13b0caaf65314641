import type * as pulumi from "@pulumi/pulumi";
import type { ServiceEndpoint } from "../outputs/endpoint";

/** How pgharbor's own SQL reaches a server: as a role that may create roles and databases. */
export interface AdminConnection {
  host: string;
  port: number;
  username: string;
  password: string;
  /** PEM of the authority that signed the server's certificate. */
  caCertificate: string;
  /** The database to connect to first. */
  database: string;
}

/** A server on which users and databases can be made: a `PostgresCluster`, or an `ExternalPostgres`. */
export interface PostgresTarget {
  /** The target's name, for messages. */
  targetName: pulumi.Input<string>;
  /** Secret. */
  adminConnection: pulumi.Input<AdminConnection>;
  /** Services that a binding can point to. */
  services: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
  /** PEM of the authority that clients verify servers with. */
  caCertificate: pulumi.Input<string>;
}
