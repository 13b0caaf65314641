import type * as pulumi from "@pulumi/pulumi";
import type { ServiceEndpoint } from "../outputs/endpoint";
import type { AdminConnection } from "../platform/sql/admin-connection";

/** A server for users and databases: a `PostgresCluster`, or an `ExternalPostgres`. */
export interface PostgresTarget {
  /** The target's name, for messages. */
  targetName: pulumi.Input<string>;
  /** Secret. */
  adminConnection: pulumi.Input<AdminConnection>;
  /** Services that a binding can use. */
  services: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
  /** PEM of the authority with which clients verify servers. */
  caCertificate: pulumi.Input<string>;
}
