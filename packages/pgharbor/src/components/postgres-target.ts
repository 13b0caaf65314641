import type * as pulumi from "@pulumi/pulumi";
import type { ServiceEndpoint } from "../outputs/endpoint";
import type { AdminConnection } from "../platform/sql/admin-connection";

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
