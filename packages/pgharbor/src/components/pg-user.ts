import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  checkPasswordSecret,
  checkUser,
  checkUserOnCluster,
  type PasswordSecretSpec,
  type Problem,
} from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import { sqlAccess, SqlResource } from "../platform/sql/sql-resource";
import { registerComponent, internalsOf, majorOf, adoptExisting } from "../program/cluster-internals";
import { knownArgs, type ArgNames } from "./known-args";
import { declaredDatabases, duplicateProblems, declaredUsers, declareUser, registerUser } from "../program/declared";
import type { PostgresTarget } from "./postgres-target";
import { targetProblems } from "./target-problems";
import { checkedPassword } from "./checked-secret";
import { desiredRole, unpooledProblems, userSettingNames, type UserSettings } from "./user-settings";

/** Arguments of `PgUser`. Changes are SQL only, unless noted: they touch no container and no connection. */
export interface PgUserArgs extends UserSettings {
  /** A `PostgresCluster` or an `ExternalPostgres`. */
  target: PostgresTarget;
  /**
   * Letter or underscore first, then letters, digits, `_`, `$`; at most 63; not `pg_…`, `dbaas_…`, `pgharbor_…`, `postgres`. A change
   * replaces the user.
   */
  username: string;
  /**
   * 8–99 characters, not a stored form (`md5…`, `SCRAM-SHA-256$…`). PostgreSQL only gets its SCRAM-SHA-256 verifier. Required with
   * `adopt`, unless `login` is false, because the existing password is unknown.
   * @default 32 random letters and digits
   */
  password?: pulumi.Input<string>;
  /**
   * An existing Secret with the password, instead of `password`, on a cluster on Kubernetes. Every preview and `up` reads it with the
   * cluster's `kubeconfig` and shows a new password as a change; the state stores it encrypted. A missing Secret is a warning in a
   * preview, and an error of `up`. @default none
   */
  passwordSecret?: PasswordSecretSpec;
  /**
   * Days until the password expires, 1–36500, from the day (UTC) on which the user is created or this number changes. Cannot be combined
   * with `expireAt`. @default never
   */
  expireIn?: number;
}

const argNames: ArgNames<PgUserArgs> = {
  ...userSettingNames,
  target: true,
  username: true,
  password: true,
  passwordSecret: true,
  expireIn: true,
};

/**
 * A user of PostgreSQL. Its objects are kept when it is dropped: a role without rights, one for each database, owns them afterwards, and
 * the database's owner is a member of that role.
 *
 * ```ts
 * const owner = new PgUser("shop-owner", { target: cluster, username: "shop_owner" });
 * ```
 */
export class PgUser extends pulumi.ComponentResource {
  public readonly username: pulumi.Output<string>;
  /** Secret. Empty for an adopted role that does not log in. */
  public readonly password: pulumi.Output<string>;
  /** The target's name. */
  public readonly targetName: pulumi.Output<string>;
  /** The target's services, for bindings. */
  public readonly services: pulumi.Output<ServiceEndpoint[]>;
  /** PEM of the authority with which clients verify the target. */
  public readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: PgUserArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { target, password, passwordSecret, username, ...settings } = known;
    const major = majorOf(target);
    const problems = [
      ...unknown,
      ...targetProblems(target),
      ...checkUser({ ...settings, username }, knownPassword(password)),
      ...(major === undefined ? [] : checkUserOnCluster({ ...settings, username }, major)),
      ...passwordSecretProblems(known),
      ...missingPasswordProblems(known),
      ...unpooledProblems(target, settings.pooled),
      ...duplicateProblems("user", target, username, "username"),
    ];
    if (problems.length > 0) throw invalidArgs(subject(name), problems);
    super("pgharbor:index:PgUser", name, { username, passwordSecret, ...settings }, opts);
    registerComponent(target, this);

    const found =
      passwordSecret &&
      secretReaderOf(target)?.({ subject: subject(name), path: "passwordSecret", secret: passwordSecret }, this.urn);
    const given = password === undefined ? undefined : checkedPassword(subject(name), "password", password);
    const value = found ?? given ?? (settings.adopt === true ? undefined : randomPassword(name, this));
    const secret = value === undefined ? undefined : pulumi.secret(value);
    const role = new SqlResource(
      "PgRole",
      name,
      {
        ...sqlAccess(target, this),
        role: desiredRole(username, settings),
        password: secret,
        expireIn: settings.expireIn,
        ...adoptExisting(target),
      },
      {
        parent: this,
        secrets: ["password"],
        deletedWith: internalsOf(target)?.deletedWith,
        // Roles must exist before their members, and databases before settings in them.
        dependsOn: [
          ...(settings.roles ?? []).flatMap((group) => declaredUsers(target).get(group.name) ?? []),
          ...Object.keys(settings.parametersIn ?? {}).flatMap((name) => declaredDatabases(target).get(name) ?? []),
        ],
      },
    );
    declareUser(target, username, role);

    this.username = role.urn.apply(() => username);
    registerUser([this, this.username], { target, username });
    this.password = pulumi.secret(pulumi.all([secret, role.urn]).apply(([value]) => value ?? ""));
    this.targetName = pulumi.output(target.targetName);
    this.services = pulumi.output(target.services);
    this.caCertificate = pulumi.output(target.caCertificate);
    this.registerOutputs({
      username: this.username,
      password: this.password,
      targetName: this.targetName,
      services: this.services,
      caCertificate: this.caCertificate,
    });
  }
}

const subject = (name: string): string => `PgUser ${JSON.stringify(name)}`;

/** Undefined if the target is not on Kubernetes. */
const secretReaderOf = (target: PostgresTarget | undefined) => internalsOf(target ?? {})?.platform.readPassword;

function passwordSecretProblems({ target, password, passwordSecret }: PgUserArgs): Problem[] {
  if (passwordSecret === undefined) return [];
  const path = "passwordSecret";
  const problems = checkPasswordSecret(passwordSecret);
  if (password !== undefined)
    problems.push({ path, message: "cannot be combined with password; leave one of them out" });
  if (target?.adminConnection !== undefined && secretReaderOf(target) === undefined)
    problems.push({ path, message: "applies only to a PostgresCluster on Kubernetes; give password" });
  return problems;
}

/** A random password would lock out current users of the role. */
function missingPasswordProblems({ adopt, login, password, passwordSecret }: PgUserArgs): Problem[] {
  if (adopt !== true || login === false || password !== undefined || passwordSecret !== undefined) return [];
  const message = "is missing: the password of an adopted login is unknown; give its current password, or a new one";
  return [{ path: "password", message }];
}

/** A password that is known now, not an output or a promise. The rule refuses a value of a wrong type. */
const knownPassword = (value: unknown): string | undefined =>
  typeof value === "object" || typeof value === "function" ? undefined : (value as string | undefined);

const randomPassword = (name: string, parent: pulumi.Resource): pulumi.Output<string> =>
  new random.RandomPassword(`${name}-password`, { length: 32, special: false }, { parent }).result;
