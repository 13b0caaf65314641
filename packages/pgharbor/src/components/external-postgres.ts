import * as pulumi from "@pulumi/pulumi";
import { hasLoneSurrogate, type Problem } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import { knownArgs, type ArgNames } from "./known-args";
import { registerExternal } from "./known-target";
import { readPostgresUrl, type PostgresAddress } from "./postgres-url";
import type { AdminConnection } from "../platform/sql/admin-connection";

/** Arguments of `ExternalPostgres`. */
export interface ExternalPostgresArgs {
  /**
   * `postgresql://admin@db.example.com:5432/postgres`, where admin may create roles and databases. One host. A password in the URL is
   * treated as a secret, but prefer `password`. Escape special characters, as in `p%40ss` (`@` %40, `:` %3A, `/` %2F, `%` %25, `#` %23).
   * Parameters after a `?` are refused because they have no effect, except `sslmode=verify-full`, which always applies. An invalid URL is
   * an error of the preview, or of `up` if it is not known before.
   */
  url: pulumi.Input<string>;
  /** The admin's password. Secret. @default the password in `url` */
  password?: pulumi.Input<string>;
  /** PEM of the root certificate that signed the server's certificate. Connections always verify it. */
  caCertificate: pulumi.Input<string>;
  /** A note for readers of the state. @default none */
  description?: string;
}

const argNames: ArgNames<ExternalPostgresArgs> = { url: true, password: true, caCertificate: true, description: true };

/**
 * An existing PostgreSQL server as a target for users and databases. This component creates nothing on the server and does not connect
 * to it; users and databases on it do.
 *
 * ```ts
 * const rds = new ExternalPostgres("rds", { url: "postgresql://admin@db.example.com/postgres", password, caCertificate });
 * new PgUser("app", { target: rds, username: "app" });
 * ```
 */
export class ExternalPostgres extends pulumi.ComponentResource {
  public readonly targetName: pulumi.Output<string>;
  /** Secret. */
  public readonly adminConnection: pulumi.Output<AdminConnection>;
  /** One service, `primary`: the server itself. */
  public readonly services: pulumi.Output<ServiceEndpoint[]>;
  public readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: ExternalPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const problems = [
      ...unknown,
      ...urlProblems(known.url),
      ...passwordProblems(known.url, known.password),
      ...certificateProblems(known.caCertificate),
    ];
    if (problems.length > 0) throw invalidArgs(subject(name), problems);
    super("pgharbor:index:ExternalPostgres", name, { description: args.description }, opts);

    registerExternal(this, name);
    this.targetName = pulumi.output(name);
    this.caCertificate = pulumi.output(args.caCertificate);
    this.adminConnection = pulumi.secret(
      pulumi
        .all([args.url, args.password, this.caCertificate])
        .apply(([url, password, ca]) => parse(name, url, password, ca)),
    );
    this.services = pulumi
      .all([this.targetName, pulumi.unsecret(this.adminConnection)])
      .apply(([, { host, port }]) => [
        { name: "primary", host, port, internalHost: host, internalPort: port, role: "primary", pooled: false },
      ]);
    this.registerOutputs({
      targetName: this.targetName,
      adminConnection: this.adminConnection,
      services: this.services,
      caCertificate: this.caCertificate,
    });
  }
}

const subject = (name: string): string => `ExternalPostgres ${JSON.stringify(name)}`;

/** Checks a plain URL now; an output is checked when it is used. */
function urlProblems(url: unknown): Problem[] {
  if (url === undefined) return [{ path: "url", message: "is missing; give postgresql://admin@host:5432/postgres" }];
  const read = typeof url === "string" ? readPostgresUrl(url) : [];
  return Array.isArray(read) ? read : [];
}

function passwordProblems(url: unknown, password: unknown): Problem[] {
  const path = "password";
  if (typeof password === "string" && hasLoneSurrogate(password))
    return [{ path, message: "contains a lone surrogate; remove it" }];
  const read = typeof url === "string" ? readPostgresUrl(url) : [];
  // An invalid URL may contain a password.
  if (Array.isArray(read) || read.password !== "" || (password !== undefined && password !== "")) return [];
  return [{ path, message: "is missing; give the admin's password" }];
}

function certificateProblems(pem: unknown): Problem[] {
  if (pem === undefined)
    return [{ path: "caCertificate", message: "is missing; give the PEM of the server's root certificate" }];
  if (typeof pem !== "string" || pem.includes("-----BEGIN CERTIFICATE-----")) return [];
  return [
    {
      path: "caCertificate",
      message: "is not a PEM certificate; give the text that begins with -----BEGIN CERTIFICATE-----",
    },
  ];
}

function parse(name: string, url: string, password: string | undefined, caCertificate: string): AdminConnection {
  // The parser's own error would show the URL with the password.
  const problems = [...urlProblems(url), ...passwordProblems(url, password), ...certificateProblems(caCertificate)];
  if (problems.length > 0) throw invalidArgs(subject(name), problems);
  const read = readPostgresUrl(url) as PostgresAddress;
  return { ...read, password: password ?? read.password, caCertificate };
}
