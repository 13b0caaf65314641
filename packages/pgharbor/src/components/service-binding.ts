import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "@pgharbor/core";
import { bindingEnv, jdbcUri, postgresUri, psqlCommand, type ConnectionParts } from "../outputs/connection-strings";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";

/** A user that a binding can log in as: a `PgUser`. */
export interface BoundUser {
  username: pulumi.Input<string>;
  password: pulumi.Input<string>;
  targetName: pulumi.Input<string>;
  services: pulumi.Input<pulumi.Input<ServiceEndpoint>[]>;
  caCertificate: pulumi.Input<string>;
}

/** A database that a binding can connect to: a `PgDatabase`. */
export interface BoundDatabase {
  databaseName: pulumi.Input<string>;
  targetName: pulumi.Input<string>;
}

/** Arguments of `ServiceBinding`. A change changes outputs and nothing else. */
export interface ServiceBindingArgs {
  /** A `PgUser`. */
  user: BoundUser;
  /** A `PgDatabase` on the same target. */
  database: BoundDatabase;
  /** A service of the target: `primary`, `replica`, `default`, `offline`, or one of your own. @default "primary" */
  service?: string;
  /** Names `<BINDING>_URI` in `env`. @default the resource's name */
  bindingName?: string;
  /** Where the client will find the CA's certificate; put the output `caCertificate` there. Goes into the strings as `sslrootcert`. */
  sslRootCert?: string;
  /** Strings for containers in the cluster's network instead of clients outside it. @default false */
  internal?: boolean;
}

/**
 * A workload's way to a database: connection strings and an environment, all secret where they hold the password.
 *
 * ```ts
 * const binding = new ServiceBinding("shop-api", { user: owner, database: db, service: "primary" });
 * export const uri = binding.uri;
 * ```
 */
export class ServiceBinding extends pulumi.ComponentResource {
  /** `postgresql://…?sslmode=verify-full`. Secret. */
  public readonly uri: pulumi.Output<string>;
  /** For the PostgreSQL JDBC driver. Secret. */
  public readonly jdbcUri: pulumi.Output<string>;
  /** A command for a shell; it asks for the password. */
  public readonly psql: pulumi.Output<string>;
  /** POSTGRES_URI, `<SERVICE>_URI`, `<BINDING>_URI`, the JDBC_ forms, DB_USER, DB_PASS, DB_NODES. Secret. */
  public readonly env: pulumi.Output<Record<string, string>>;
  /** PEM that the client verifies the server with. */
  public readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: ServiceBindingArgs, opts?: pulumi.ComponentResourceOptions) {
    const { user, database, service = "primary", bindingName = name, sslRootCert, internal = false } = args;
    const problems = missing(args);
    if (problems.length > 0) throw invalidArgs(`ServiceBinding ${JSON.stringify(name)}`, problems);
    super("pgharbor:index:ServiceBinding", name, { service, bindingName, sslRootCert, internal }, opts);

    const parts = pulumi
      .all([user.username, user.password, user.targetName, user.services, database.databaseName, database.targetName])
      .apply(([username, password, userTarget, services, databaseName, databaseTarget]): ConnectionParts => {
        if (userTarget !== databaseTarget) throw foreignUser(name, username, userTarget, databaseTarget);
        const endpoint = services.find((s) => s.name === service);
        if (endpoint === undefined) throw unknownService(name, service, services);
        return {
          host: internal ? endpoint.internalHost : endpoint.host,
          port: internal ? endpoint.internalPort : endpoint.port,
          database: databaseName,
          username,
          password,
          sslRootCert,
        };
      });
    this.uri = pulumi.secret(parts.apply(postgresUri));
    this.jdbcUri = pulumi.secret(parts.apply(jdbcUri));
    this.psql = pulumi.unsecret(parts.apply(psqlCommand));
    this.env = pulumi.secret(
      pulumi
        .all([parts, user.targetName])
        .apply(([known, target]) => bindingEnv(known, `${target}-${service}`, bindingName)),
    );
    this.caCertificate = pulumi.output(user.caCertificate);
    this.registerOutputs({
      uri: this.uri,
      jdbcUri: this.jdbcUri,
      psql: this.psql,
      env: this.env,
      caCertificate: this.caCertificate,
    });
  }
}

function missing(args: ServiceBindingArgs): Problem[] {
  const problems: Problem[] = [];
  if (args.user?.username === undefined)
    problems.push({ path: "user", message: "must be a PgUser; give the object itself" });
  if (args.database?.databaseName === undefined)
    problems.push({ path: "database", message: "must be a PgDatabase; give the object itself" });
  return problems;
}

const foreignUser = (name: string, username: string, userTarget: string, databaseTarget: string): Error =>
  invalidArgs(`ServiceBinding ${JSON.stringify(name)}`, [
    {
      path: "user",
      message: `must be on the same target as the database, got user ${JSON.stringify(username)} of ${JSON.stringify(userTarget)} and a database of ${JSON.stringify(databaseTarget)}; declare the user on ${JSON.stringify(databaseTarget)}`,
    },
  ]);

const unknownService = (name: string, service: string, services: ServiceEndpoint[]): Error =>
  invalidArgs(`ServiceBinding ${JSON.stringify(name)}`, [
    {
      path: "service",
      message: `is no service of the target, got ${JSON.stringify(service)}; use one of ${services.map((s) => s.name).join(", ")}`,
    },
  ]);
