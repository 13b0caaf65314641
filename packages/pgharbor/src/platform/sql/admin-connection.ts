import type * as pulumi from "@pulumi/pulumi";

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

/** What SQL needs of a target. */
export interface SqlTargetRef {
  /** The target's name, for messages. */
  targetName: pulumi.Input<string>;
  /** Secret. */
  adminConnection: pulumi.Input<AdminConnection>;
}
