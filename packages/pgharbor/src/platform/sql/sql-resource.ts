import * as pulumi from "@pulumi/pulumi";
import { HandledResource } from "../../dynamic/handled-resource";
import type { AdminConnection, SqlTargetRef } from "./admin-connection";

/** One resource whose changes are SQL on a target's primary. Nothing connects before `up`. */
export class SqlResource extends HandledResource {
  constructor(
    kind: "PgRole" | "PgDatabase" | "PgAccess",
    name: string,
    target: SqlTargetRef,
    props: Record<string, unknown>,
    opts: pulumi.CustomResourceOptions & { parent: pulumi.Resource; secrets?: string[] },
  ) {
    const { secrets = [], ...rest } = opts;
    const connection = pulumi.output(target.adminConnection) as pulumi.Output<AdminConnection>;
    // Only the password of it is secret; a preview shows where the SQL goes.
    const server = pulumi.unsecret(
      pulumi.all([connection, target.targetName]).apply(([c, targetName]) => ({
        target: targetName,
        host: c.host,
        port: c.port,
        username: c.username,
        database: c.database,
        caCertificate: c.caCertificate,
        serverName: c.serverName,
        tunnel: c.tunnel,
      })),
    );
    const adminPassword = pulumi.secret(connection.apply((c) => c.password));
    super(
      kind,
      name,
      { server, adminPassword, declaration: rest.parent.urn, kubeconfig: target.kubeconfig, ...props },
      { ...rest, additionalSecretOutputs: ["adminPassword", ...secrets] },
    );
  }
}
