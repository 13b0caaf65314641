import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import { knownArgs, type ArgNames } from "./known-args";
import { setExternalTarget } from "./known-target";
import type { AdminConnection } from "../platform/sql/admin-connection";

/** Arguments of `ExternalPostgres`. */
export interface ExternalPostgresArgs {
  /**
   * `postgresql://admin@db.example.com:5432/postgres`, where admin may create roles and databases. A password in it is
   * taken as a secret; better give `password`.
   */
  url: pulumi.Input<string>;
  /** The admin's password. Secret. */
  password?: pulumi.Input<string>;
  /** PEM of the root certificate that signed the server's. There is no way to connect without checking it. */
  caCertificate: pulumi.Input<string>;
  description?: string;
}

const argNames: ArgNames<ExternalPostgresArgs> = { url: true, password: true, caCertificate: true, description: true };

/**
 * A PostgreSQL server that somebody else runs, as a target for users and databases. Nothing is made by itself, and
 * nothing connects before something on it is.
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

    setExternalTarget(this, name);
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
const SCHEMES = ["postgres:", "postgresql:"];

/** Only what is known now can be checked now; the rest is checked when it is used. */
function urlProblems(url: unknown): Problem[] {
  if (typeof url !== "string")
    return url === undefined
      ? [{ path: "url", message: "is missing; give postgresql://admin@host:5432/postgres" }]
      : [];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // The value may hold a password: it is never shown.
  if (parsed === undefined || !SCHEMES.includes(parsed.protocol) || parsed.hostname === "") {
    return [{ path: "url", message: "is no PostgreSQL URL; write it as postgresql://admin@host:5432/postgres" }];
  }
  if (parsed.username === "")
    return [{ path: "url", message: "names no user; write it as postgresql://admin@host:5432/postgres" }];
  return [];
}

function passwordProblems(url: unknown, password: unknown): Problem[] {
  if (typeof url !== "string" || !URL.canParse(url) || new URL(url).password !== "") return [];
  if (password !== undefined && password !== "") return [];
  return [{ path: "password", message: "is missing; give the admin's password" }];
}

function certificateProblems(pem: unknown): Problem[] {
  if (pem === undefined)
    return [{ path: "caCertificate", message: "is missing; give the PEM of the server's root certificate" }];
  if (typeof pem !== "string" || pem.includes("-----BEGIN CERTIFICATE-----")) return [];
  return [
    {
      path: "caCertificate",
      message: "is no PEM certificate; give the text that begins with -----BEGIN CERTIFICATE-----",
    },
  ];
}

function parse(name: string, url: string, password: string | undefined, caCertificate: string): AdminConnection {
  // The parser's own error would show the URL, and a password in it.
  const problems = [...urlProblems(url), ...passwordProblems(url, password), ...certificateProblems(caCertificate)];
  if (problems.length > 0) throw invalidArgs(subject(name), problems);
  const parsed = new URL(url);
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(parsed.port || 5432),
    username: decodeURIComponent(parsed.username),
    password: password ?? decodeURIComponent(parsed.password),
    caCertificate,
    database: decodeURIComponent(parsed.pathname.slice(1)) || "postgres",
  };
}
