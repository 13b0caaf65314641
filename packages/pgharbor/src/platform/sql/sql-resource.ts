import * as pulumi from "@pulumi/pulumi";
import { HandledResource, type ArgsOf } from "../../dynamic/handled-resource";
import type { SqlTargetRef } from "./admin-connection";

type SqlKind = "PgRole" | "PgDatabase" | "PgAccess";

/** A resource that is managed by SQL. `secrets`: secret outputs besides the admin's password. */
export class SqlResource<K extends SqlKind> extends HandledResource<K> {
  constructor(
    kind: K,
    name: string,
    args: ArgsOf<K>,
    { secrets = [], ...opts }: pulumi.CustomResourceOptions & { secrets?: string[] },
  ) {
    super(kind, name, args, { ...opts, additionalSecretOutputs: ["adminPassword", ...secrets] });
  }
}

/** Inputs with the connection to a target. Only the password is secret, so that a preview shows the server. */
export function sqlAccess(target: SqlTargetRef, component: pulumi.Resource) {
  const connection = pulumi.output(target.adminConnection);
  const server = pulumi.unsecret(
    pulumi.all([connection, target.targetName]).apply(([{ password: _secret, ...route }, targetName]) => ({
      target: targetName,
      host: route.host,
      port: route.port,
      username: route.username,
      database: route.database,
      caCertificate: route.caCertificate,
      serverName: route.serverName,
      tunnel: route.tunnel,
      container: route.container,
    })),
  );
  return {
    server,
    adminPassword: pulumi.secret(connection.apply(({ password }) => password)),
    declaration: component.urn,
    kubeconfig: target.kubeconfig,
  };
}
