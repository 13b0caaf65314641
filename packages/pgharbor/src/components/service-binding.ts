import * as pulumi from "@pulumi/pulumi";
import { checkBindingSecret, hasLoneSurrogate, show, type BindingSecretSpec, type Problem } from "@pgharbor/core";
import { bindingEnv, jdbcUri, postgresUri, psqlCommand, type ConnectionParts } from "../outputs/connection-strings";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import type * as bindingSecret from "../platform/kubernetes/brought/binding-secret";
import type { Platform } from "../platform/platform";
import { besideCluster } from "../program/beside-cluster";
import { belongsTo, internalsOf } from "../program/cluster-internals";
import { declareBindingSecret, secretDeclaredTwice, targetOfDatabase, userBehind } from "../program/declared";
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

/** Arguments of `ServiceBinding`. A change changes outputs and its Secret, and nothing else. */
export interface ServiceBindingArgs {
  /** A `PgUser`. */
  user: BoundUser;
  /** A `PgDatabase` on the same target. */
  database: BoundDatabase;
  /** A service of the target: `primary`, `replica`, `default`, `offline`, one of your own, or of a `PgService`. @default "primary" */
  service?: string;
  /** Names `<BINDING>_URI` in `env`. @default the resource's name */
  bindingName?: string;
  /** Where the client will find the CA's certificate; put the output `caCertificate` there. Goes into the strings as `sslrootcert`. */
  sslRootCert?: string;
  /** Strings for containers in the cluster's network instead of clients outside it. @default false */
  internal?: boolean;
  /**
   * Also a Secret of type `servicebinding.io/postgresql` for workloads in Kubernetes, of any target: keys `type`, `provider`,
   * `host`, `port`, `database`, `username`, `password`, `uri`, `sslmode`, `sslrootcert` and `ca.crt`. Of a cluster on Kubernetes
   * it has the name that is the same in every namespace, whatever `internal` says. Mounted at `/bindings/db`, give
   * `sslRootCert: "/bindings/db/ca.crt"`, and `uri` is complete. Made by the kubernetes provider of the binding, else the cluster's.
   * New contents replace it: for a moment it is not there. @default none
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
 * A workload's way to a database: connection strings and an environment, all secret where they hold the password.
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
  /** A command for a shell; it asks for the password. */
  public readonly psql: pulumi.Output<string>;
  /** POSTGRES_URI, `<SERVICE>_URI`, `<BINDING>_URI`, the JDBC_ forms, DB_USER, DB_PASS, DB_NODES. Secret. */
  public readonly env: pulumi.Output<Record<string, string>>;
  /** PEM that the client verifies the server with. */
  public readonly caCertificate: pulumi.Output<string>;
  /** Name of the Secret, once it is there. Only with `secret`. */
  public readonly secretName?: pulumi.Output<string>;

  constructor(name: string, args: ServiceBindingArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { user, service = "primary", bindingName = name, sslRootCert, internal = false, secret } = known;
    const problems = [
      ...unknown,
      ...missing(known),
      ...foreignUser(known),
      ...unknownService(user, service),
      ...halves("sslRootCert", sslRootCert),
      ...(secret === undefined ? [] : checkBindingSecret(name, secret)),
    ];
    const cluster = userBehind(user)?.target;
    if (secret !== undefined && problems.length === 0)
      problems.push(...secretDeclaredTwice(cluster ?? user, secret, name));
    if (problems.length > 0) throw invalidArgs(subject(name), problems);
    const shown = { service, bindingName, sslRootCert, internal, secret };
    super("pgharbor:index:ServiceBinding", name, shown, secret === undefined ? opts : besideCluster(cluster, opts));
    belongsTo(cluster, this);

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
      // Of a cluster elsewhere the connection is the one from outside.
      const connection = create === undefined ? parts : partsOf(name, args, service, true);
      const its = { binding: name, spec: secret, connection, caCertificate: this.caCertificate };
      this.secretName = (create ?? createForeignSecret)(its, { parent: this });
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

/** Only a binding that writes a Secret loads Kubernetes' SDK: it takes a part of a program's start. */
const createForeignSecret: NonNullable<Platform["createBindingSecret"]> = (its, opts) => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { createBindingSecret } = require("../platform/kubernetes/brought/binding-secret") as typeof bindingSecret;
  return createBindingSecret(its, undefined, opts).metadata.name;
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
      // Objects of another program are known only now.
      if (userTarget !== databaseTarget)
        throw invalidArgs(subject(name), [elsewhere(username, userTarget, databaseTarget)]);
      const unencodable = Object.entries({ username, password, databaseName }).flatMap(([of, text]) =>
        halves(of, text),
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

/** No connection string can hold half a character: the way it is escaped has none for it. */
const halves = (of: string, text: string | undefined): Problem[] =>
  hasLoneSurrogate(text ?? "")
    ? [{ path: of, message: "must not hold half a character (a lone surrogate); remove it" }]
    : [];

function missing(args: ServiceBindingArgs): Problem[] {
  const problems: Problem[] = [];
  if (args.user?.username === undefined)
    problems.push({ path: "user", message: "must be a PgUser; give the object itself" });
  if (args.database?.databaseName === undefined)
    problems.push({ path: "database", message: "must be a PgDatabase; give the object itself" });
  return problems;
}

/** What is known when the program runs, so that nothing is made for a binding that cannot be. */
function foreignUser({ user, database }: ServiceBindingArgs): Problem[] {
  const known = userBehind(user);
  const target = targetOfDatabase(database ?? {});
  if (known === undefined || target === undefined || known.target === target) return [];
  const title = (its: object) => knownTarget(its)?.title ?? "another target";
  return [elsewhere(known.username, title(known.target), title(target))];
}

function unknownService(user: BoundUser | undefined, service: string): Problem[] {
  const names = targetOf(user)?.serviceNames;
  return names === undefined || names.includes(service) ? [] : [noSuchService(service, names)];
}

/** The target's services, and those that a `PgService` has added since. */
function servicesOf(user: BoundUser): pulumi.Output<ServiceEndpoint[]> {
  const own = pulumi.output(user.services) as pulumi.Output<ServiceEndpoint[]>;
  const added = pulumi.all(targetOf(user)?.addedEndpoints ?? []);
  return pulumi.all([own, added]).apply(([first, more]) => [...first, ...more]);
}

const targetOf = (user: BoundUser | undefined) => knownTarget(userBehind(user)?.target ?? {});

const elsewhere = (username: string, userTarget: string, databaseTarget: string): Problem => ({
  path: "user",
  message: `must be on the same target as the database, got user ${show(username)} of ${show(userTarget)} and a database of ${show(databaseTarget)}; declare the user on ${show(databaseTarget)}`,
});

const noSuchService = (service: string, names: string[]): Problem => ({
  path: "service",
  message: `is no service of the target, got ${show(service)}; use one of ${names.join(", ")}, or declare a PgService before the binding`,
});
