import * as pulumi from "@pulumi/pulumi";
import { checkBindingSecret, hasLoneSurrogate, show, type BindingSecretSpec, type Problem } from "@pgharbor/core";
import { bindingEnv, jdbcUri, postgresUri, psqlCommand, type ConnectionParts } from "../outputs/connection-strings";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import type * as bindingSecret from "../platform/kubernetes/external/binding-secret";
import type { Platform } from "../platform/platform";
import { withClusterProviders } from "../program/with-cluster-providers";
import { registerComponent, internalsOf } from "../program/cluster-internals";
import { declareBindingSecret, duplicateSecretProblems, targetOfDatabase, declaredUserOf } from "../program/declared";
import { knownArgs, type ArgNames } from "./known-args";
import { knownTarget } from "./known-target";

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

/** Arguments of `ServiceBinding`. A change only affects the outputs and the Secret. */
export interface ServiceBindingArgs {
  /** A `PgUser`. */
  user: BoundUser;
  /** A `PgDatabase` on the same target. */
  database: BoundDatabase;
  /** A service of the target: `primary`, `replica`, `default`, `offline`, a custom one, or a `PgService`. @default "primary" */
  service?: string;
  /** Names `<BINDING>_URI` in `env`. @default the resource's name */
  bindingName?: string;
  /** Path of a file on the client with the output `caCertificate`: `sslrootcert` in the connection strings. @default none */
  sslRootCert?: string;
  /** Connection strings for containers in the cluster's network instead of clients outside it. @default false */
  internal?: boolean;
  /**
   * Creates a Secret of type `servicebinding.io/postgresql` for workloads in Kubernetes, for any target, with the keys `type`, `provider`,
   * `host`, `port`, `database`, `username`, `password`, `uri`, `sslmode`, `sslrootcert` and `ca.crt`. For a cluster on Kubernetes `host`
   * is the full name of the Service, whether `internal` is set or not. If the Secret is mounted at `/bindings/db`, give
   * `sslRootCert: "/bindings/db/ca.crt"` for a complete `uri`. The kubernetes provider of the binding creates it, else the cluster's. New
   * contents replace the Secret: it is deleted and created again. @default none
   */
  secret?: BindingSecretSpec;
}

const argNames: ArgNames<ServiceBindingArgs> = {
  user: true,
  database: true,
  service: true,
  bindingName: true,
  sslRootCert: true,
  internal: true,
  secret: true,
};

/**
 * A workload's connection to a database: connection strings and an environment, secret if they contain the password.
 *
 * ```ts
 * const binding = new ServiceBinding("shop-api", { user: owner, database: db, service: "primary" });
 * export const uri = binding.uri;
 * ```
 *
 * For pods of another namespace: `secret: { namespace: "api" }`.
 */
export class ServiceBinding extends pulumi.ComponentResource {
  /** `postgresql://…?sslmode=verify-full`. Secret. */
  public readonly uri: pulumi.Output<string>;
  /** For the PostgreSQL JDBC driver. Secret. */
  public readonly jdbcUri: pulumi.Output<string>;
  /** A shell command that asks for the password. */
  public readonly psql: pulumi.Output<string>;
  /** POSTGRES_URI, `<SERVICE>_URI`, `<BINDING>_URI`, the JDBC_ forms, DB_USER, DB_PASS, DB_NODES. Secret. */
  public readonly env: pulumi.Output<Record<string, string>>;
  /** PEM of the authority with which the client verifies the server. */
  public readonly caCertificate: pulumi.Output<string>;
  /** Name of the Secret, once it exists. Only with `secret`. */
  public readonly secretName?: pulumi.Output<string>;

  constructor(name: string, args: ServiceBindingArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { user, service = "primary", bindingName = name, sslRootCert, internal = false, secret } = known;
    const problems = [
      ...unknown,
      ...missingProblems(known),
      ...foreignUserProblems(known),
      ...unknownServiceProblems(user, service),
      ...surrogateProblems("sslRootCert", sslRootCert),
      ...(secret === undefined ? [] : checkBindingSecret(name, secret)),
    ];
    const cluster = declaredUserOf(user)?.target;
    if (secret !== undefined && problems.length === 0)
      problems.push(...duplicateSecretProblems(cluster ?? user, secret, name));
    if (problems.length > 0) throw invalidArgs(subject(name), problems);
    const shown = { service, bindingName, sslRootCert, internal, secret };
    super(
      "pgharbor:index:ServiceBinding",
      name,
      shown,
      secret === undefined ? opts : withClusterProviders(cluster, opts),
    );
    registerComponent(cluster, this);

    const parts = partsOf(name, args, service, internal);
    this.uri = pulumi.secret(parts.apply(postgresUri));
    this.jdbcUri = pulumi.secret(parts.apply(jdbcUri));
    this.psql = pulumi.unsecret(parts.apply(psqlCommand));
    this.env = pulumi.secret(
      pulumi
        .all([parts, user.targetName])
        .apply(([known, target]) => bindingEnv(known, `${target}-${service}`, bindingName)),
    );
    this.caCertificate = pulumi.output(user.caCertificate);
    if (secret !== undefined) {
      declareBindingSecret(cluster ?? user, secret, name, this);
      const create = internalsOf(cluster ?? {})?.platform.createBindingSecret;
      // For a target outside Kubernetes the Secret contains the external connection.
      const connection = create === undefined ? parts : partsOf(name, args, service, true);
      const content = { binding: name, spec: secret, connection, caCertificate: this.caCertificate };
      this.secretName = (create ?? createExternalSecret)(content, { parent: this });
    }
    this.registerOutputs({
      uri: this.uri,
      jdbcUri: this.jdbcUri,
      psql: this.psql,
      env: this.env,
      caCertificate: this.caCertificate,
      ...(this.secretName === undefined ? {} : { secretName: this.secretName }),
    });
  }
}

/** Kubernetes' SDK is loaded only for a binding with a Secret, because it slows down the program's start. */
const createExternalSecret: NonNullable<Platform["createBindingSecret"]> = (content, opts) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createBindingSecret } = require("../platform/kubernetes/external/binding-secret") as typeof bindingSecret;
  return createBindingSecret(content, undefined, opts).metadata.name;
};

function partsOf(
  name: string,
  { user, database, sslRootCert }: ServiceBindingArgs,
  service: string,
  internal: boolean,
): pulumi.Output<ConnectionParts> {
  return pulumi
    .all([user.username, user.password, user.targetName, servicesOf(user), database.databaseName, database.targetName])
    .apply(([username, password, userTarget, services, databaseName, databaseTarget]): ConnectionParts => {
      // The targets of another program's objects are only known here.
      if (userTarget !== databaseTarget)
        throw invalidArgs(subject(name), [targetMismatch(username, userTarget, databaseTarget)]);
      const unencodable = Object.entries({ username, password, databaseName }).flatMap(([of, text]) =>
        surrogateProblems(of, text),
      );
      if (unencodable.length > 0) throw invalidArgs(subject(name), unencodable);
      const endpoint = services.find((s) => s.name === service);
      const names = services.map((s) => s.name);
      if (endpoint === undefined) throw invalidArgs(subject(name), [noSuchService(service, names)]);
      return {
        host: internal ? endpoint.internalHost : endpoint.host,
        port: internal ? endpoint.internalPort : endpoint.port,
        database: databaseName,
        username,
        password,
        sslRootCert,
      };
    });
}

const subject = (name: string): string => `ServiceBinding ${JSON.stringify(name)}`;

/** A lone surrogate cannot be escaped in a connection string. */
const surrogateProblems = (of: string, text: string | undefined): Problem[] =>
  hasLoneSurrogate(text ?? "") ? [{ path: of, message: "must not contain a lone surrogate; remove it" }] : [];

function missingProblems(args: ServiceBindingArgs): Problem[] {
  const problems: Problem[] = [];
  if (args.user?.username === undefined)
    problems.push({ path: "user", message: "must be a PgUser; give the object itself" });
  if (args.database?.databaseName === undefined)
    problems.push({ path: "database", message: "must be a PgDatabase; give the object itself" });
  return problems;
}

/** Finds a user of another target before anything is created, if both objects are of this program. */
function foreignUserProblems({ user, database }: ServiceBindingArgs): Problem[] {
  const known = declaredUserOf(user);
  const target = targetOfDatabase(database ?? {});
  if (known === undefined || target === undefined || known.target === target) return [];
  const title = (object: object) => knownTarget(object)?.title ?? "another target";
  return [targetMismatch(known.username, title(known.target), title(target))];
}

function unknownServiceProblems(user: BoundUser | undefined, service: string): Problem[] {
  const names = targetOf(user)?.serviceNames;
  return names === undefined || names.includes(service) ? [] : [noSuchService(service, names)];
}

/** The target's services, including those that a `PgService` added later. */
function servicesOf(user: BoundUser): pulumi.Output<ServiceEndpoint[]> {
  const own = pulumi.output(user.services) as pulumi.Output<ServiceEndpoint[]>;
  const added = pulumi.all(targetOf(user)?.addedEndpoints ?? []);
  return pulumi.all([own, added]).apply(([first, more]) => [...first, ...more]);
}

const targetOf = (user: BoundUser | undefined) => knownTarget(declaredUserOf(user)?.target ?? {});

const targetMismatch = (username: string, userTarget: string, databaseTarget: string): Problem => ({
  path: "user",
  message: `must be on the same target as the database, got user ${show(username)} of ${show(userTarget)} and a database of ${show(databaseTarget)}; declare the user on ${show(databaseTarget)}`,
});

const noSuchService = (service: string, names: string[]): Problem => ({
  path: "service",
  message: `is not a service of the target, got ${show(service)}; use one of ${names.join(", ")}, or declare a PgService before the binding`,
});
