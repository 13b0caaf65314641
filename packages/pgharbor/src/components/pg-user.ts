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
import { belongsTo, internalsOf, majorOf, takingOver } from "../program/cluster-internals";
import { knownArgs, type ArgNames } from "./known-args";
import { declaredDatabases, declaredTwice, declaredUsers, declareUser, registerUser } from "../program/declared";
import type { PostgresTarget } from "./postgres-target";
import { targetProblems } from "./target-problems";
import { checkedPassword } from "./checked-password";
import { desiredRole, unpooledProblems, userSettingNames, type UserSettings } from "./user-settings";

/** Arguments of `PgUser`. Every change but the name's is SQL only: it touches no container and no connection. */
export interface PgUserArgs extends UserSettings {
  /** A `PostgresCluster` or an `ExternalPostgres`. */
  target: PostgresTarget;
  /** Letter or underscore first, then letters, digits, `_`, `$`; at most 63; not `pg_…`, `dbaas_…`, `pgharbor_…`, `postgres`. Replaces the user. */
  username: string;
  /**
   * 8–99 characters, the password itself: a stored form of one (`md5…`, `SCRAM-SHA-256$…`) is refused. PostgreSQL only ever sees its
   * SCRAM-SHA-256 verifier. Must be given with `adopt`, unless `login` is false: the one that the role has is not known here.
   * @default 32 random letters and digits
   */
  password?: pulumi.Input<string>;
  /**
   * Instead of `password`, on a cluster on Kubernetes: an existing Secret that has it. Every preview and `up` reads it anew, with
   * the cluster's `kubeconfig`, so a changed password is a change like any other; in the state it is encrypted. One that is not
   * there yet is a warning in a preview, and an error of `up`. @default none
   */
  passwordSecret?: PasswordSecretSpec;
  /**
   * Days until the password expires, 1–36500, from the day (UTC) that the user is made or this figure changes: the date stays
   * until then. Not beside `expireAt`. @default never
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
 * A user of PostgreSQL. What it owns outlives it: a role without rights, one for each database, has it afterwards, and the
 * database's owner is a member of that role.
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
  /** PEM that clients verify the target with. */
  public readonly caCertificate: pulumi.Output<string>;

  constructor(name: string, args: PgUserArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { target, password, passwordSecret, username, ...settings } = known;
    const major = majorOf(target);
    const problems = [
      ...unknown,
      ...targetProblems(target),
      ...checkUser({ ...settings, username }, plainOrUndefined(password)),
      ...(major === undefined ? [] : checkUserOnCluster({ ...settings, username }, major)),
      ...passwordSecretProblems(known),
      ...unknownPassword(known),
      ...unpooledProblems(target, settings.pooled),
      ...declaredTwice("user", target, username, "username"),
    ];
    if (problems.length > 0) throw invalidArgs(subject(name), problems);
    super("pgharbor:index:PgUser", name, { username, passwordSecret, ...settings }, opts);
    belongsTo(target, this);

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
        ...takingOver(target),
      },
      {
        parent: this,
        secrets: ["password"],
        deletedWith: internalsOf(target)?.deletedWith,
        // A role must be there before anybody is made a member of it, and a database before anything is set in it.
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

/** Absent: the target is not where Secrets are. */
const secretReaderOf = (target: PostgresTarget | undefined) => internalsOf(target ?? {})?.platform.readPassword;

function passwordSecretProblems({ target, password, passwordSecret }: PgUserArgs): Problem[] {
  if (passwordSecret === undefined) return [];
  const path = "passwordSecret";
  const problems = checkPasswordSecret(passwordSecret);
  if (password !== undefined) problems.push({ path, message: "cannot stand beside password; leave one of them out" });
  if (target?.adminConnection !== undefined && secretReaderOf(target) === undefined)
    problems.push({ path, message: "is of use on a PostgresCluster on Kubernetes only; give password" });
  return problems;
}

/** A random one would lock out whoever logs in today. */
function unknownPassword({ adopt, login, password, passwordSecret }: PgUserArgs): Problem[] {
  if (adopt !== true || login === false || password !== undefined || passwordSecret !== undefined) return [];
  const message =
    "is missing: a login that is adopted keeps its password, which is not known here; give the one that it has, or a new one";
  return [{ path: "password", message }];
}

/** What is known now; an output or a promise is not. Anything but text is left for the rule to refuse. */
const plainOrUndefined = (value: unknown): string | undefined =>
  typeof value === "object" || typeof value === "function" ? undefined : (value as string | undefined);

const randomPassword = (name: string, parent: pulumi.Resource): pulumi.Output<string> =>
  new random.RandomPassword(`${name}-password`, { length: 32, special: false }, { parent }).result;
