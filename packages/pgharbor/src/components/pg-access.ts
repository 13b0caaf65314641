import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  checkDatabase,
  checkDatabaseOnCluster,
  checkUser,
  checkUserOnCluster,
  systemUsers,
  under,
  type Problem,
} from "@pgharbor/core";
import type { AccessDocument, DefaultPrivilege, Grant } from "@pgharbor/sql";
import { derivedPassword } from "../outputs/derived-password";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import { sqlAccess, SqlResource } from "../platform/sql/sql-resource";
import { checkedPassword } from "./checked-secret";
import {
  baselineProblems,
  databaseSettingNames,
  databaseSpec,
  desiredDatabase,
  type DatabaseSettings,
} from "./database-settings";
import { registerComponent, internalsOf, majorOf, adoptExisting } from "../program/cluster-internals";
import { declareDatabase, declaredDatabases, duplicateProblems, declaredUsers, declareUser } from "../program/declared";
import { defaultPrivilegeProblems, grantProblems } from "./grant-problems";
import { knownArgs, knownEntries, type ArgNames } from "./known-args";
import { targetProblems } from "./target-problems";
import type { PostgresTarget } from "./postgres-target";
import { desiredRole, unpooledProblems, userSettingNames, type UserSettings } from "./user-settings";

/** Arguments of `PgAccess`. A change is one diff against the catalog and one transaction; a preview shows the keys that change. */
export interface PgAccessArgs {
  /** A `PostgresCluster` or an `ExternalPostgres`. */
  target: PostgresTarget;
  /** Users by name. @default none */
  users?: Record<string, UserSettings>;
  /**
   * Passwords by user name, 8–99 characters each, never a stored form (`md5…`, `SCRAM-SHA-256$…`). @default 32 random letters and
   * digits, in the output `passwords`; an adopted user keeps its password
   */
  passwords?: Record<string, pulumi.Input<string>>;
  /** Databases by name. @default none */
  databases?: Record<string, DatabaseSettings>;
  /**
   * Grants by a label of your choice. A preview refuses privileges that the kind of object does not have (on an `ExternalPostgres`, that
   * it has in no supported version), and invalid names; an object that does not exist is an error of `up`. @default none
   */
  grants?: Record<string, Grant>;
  /** Default privileges by a label of your choice. @default none */
  defaultPrivileges?: Record<string, DefaultPrivilege>;
}

const argNames: ArgNames<PgAccessArgs> = {
  target: true,
  users: true,
  passwords: true,
  databases: true,
  grants: true,
  defaultPrivileges: true,
};

/**
 * Many users, databases, memberships and grants as one resource, because Pulumi takes minutes for thousands of single resources.
 * Entries that leave the maps are dropped or revoked (databases stay without `dropOnDelete`). Objects that were never in the maps are
 * never touched.
 *
 * ```ts
 * new PgAccess("team", {
 *   target: cluster,
 *   users: { ada: { roles: [{ name: "reporting" }] }, reporting: { login: false } },
 *   grants: { reporting: { role: "reporting", on: "allTables", database: "shop", privileges: ["SELECT"] } },
 * });
 * ```
 */
export class PgAccess extends pulumi.ComponentResource {
  /** Passwords by user name, of users that can log in. Adopted users without a given password are omitted. Secret. */
  public readonly passwords: pulumi.Output<Record<string, string>>;
  public readonly targetName: pulumi.Output<string>;
  /** The target's services, for bindings. */
  public readonly services: pulumi.Output<ServiceEndpoint[]>;

  constructor(name: string, args: PgAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems } = readArgs(args);
    const { target, passwords: given = {}, ...maps } = known;
    if (problems.length > 0) throw invalidArgs(subject(name), problems);
    super("pgharbor:index:PgAccess", name, { ...maps }, opts);
    registerComponent(target, this);

    const logins = Object.entries(known.users ?? {})
      .filter(([, user]) => user.login ?? true)
      // An adopted login keeps its password, unless one is given.
      .filter(([username, user]) => user.adopt !== true || given[username] !== undefined);
    const secret = passwordsOf(
      name,
      logins.map(([user]) => user),
      given,
      this,
    );
    const access = new SqlResource(
      "PgAccess",
      name,
      { ...sqlAccess(target, this), document: documentOf(known), passwords: secret, ...adoptExisting(target) },
      {
        parent: this,
        secrets: ["passwords"],
        // Grants may refer to users and databases that were declared separately.
        dependsOn: [...new Set([...declaredUsers(target).values(), ...declaredDatabases(target).values()])],
        deletedWith: internalsOf(target)?.deletedWith,
      },
    );
    for (const username of Object.keys(known.users ?? {})) declareUser(target, username, access);
    for (const database of Object.keys(known.databases ?? {})) declareDatabase(target, database, access);

    this.passwords = pulumi.secret(pulumi.all([secret, access.urn]).apply(([values]) => values));
    this.targetName = pulumi.output(target.targetName);
    this.services = pulumi.output(target.services);
    this.registerOutputs({ passwords: this.passwords, targetName: this.targetName, services: this.services });
  }
}

const subject = (name: string): string => `PgAccess ${JSON.stringify(name)}`;

/** One random seed for all passwords, because one resource for each password would be slow. */
function passwordsOf(
  name: string,
  users: string[],
  given: Record<string, pulumi.Input<string>>,
  parent: pulumi.Resource,
): pulumi.Output<Record<string, string>> {
  const seed = new random.RandomPassword(`${name}-seed`, { length: 64, special: false }, { parent }).result;
  const checked = Object.entries(given).map(
    ([user, password]) => [user, checkedPassword(subject(name), under("passwords", user), password)] as const,
  );
  return pulumi.secret(
    pulumi
      .all([seed, Object.fromEntries(checked)])
      .apply(([known, own]) =>
        Object.fromEntries(users.map((user) => [user, own[user] ?? derivedPassword(known, user)])),
      ),
  );
}

/** Removes unknown arguments, so that each of them is reported only once. */
function readArgs(args: PgAccessArgs): { known: PgAccessArgs; problems: Problem[] } {
  const { known, problems } = knownArgs(args, argNames);
  const users = knownEntries(known.users, { ...userSettingNames, ...FIELDS_OF_PG_USER }, "users");
  const databases = knownEntries(known.databases, databaseSettingNames, "databases");
  const read = { ...known, users: users.known, databases: databases.known };
  const unknown = [...problems, ...users.problems, ...databases.problems];
  return { known: read, problems: [...unknown, ...targetProblems(read.target), ...accessProblems(read)] };
}

/** Fields that have their own message. */
const FIELDS_OF_PG_USER = { expireIn: true } as const;

function accessProblems(args: PgAccessArgs): Problem[] {
  const each = (map: string, key: string, found: Problem[]) =>
    found.map((p) => ({ ...p, path: `${under(map, key)}.${p.path}` }));
  const major = majorOf(args.target);
  const users = Object.entries(args.users ?? {}).flatMap(([username, user]) =>
    each("users", username, [
      ...checkUser({ ...user, username }, knownPassword(args.passwords?.[username])),
      ...(major === undefined ? [] : checkUserOnCluster({ ...user, username }, major)),
      ...unpooledProblems(args.target, user?.pooled),
      ...expireInProblems(user),
    ]),
  );
  const owners =
    internalsOf(args.target ?? {}) === undefined
      ? undefined
      : [...Object.keys(args.users ?? {}), ...declaredUsers(args.target).keys(), systemUsers.admin];
  const databases = Object.entries(args.databases ?? {}).flatMap(([database, settings]) =>
    each("databases", database, [
      ...checkDatabase(databaseSpec(database, settings), owners),
      ...(major === undefined ? [] : checkDatabaseOnCluster(databaseSpec(database, settings), major)),
      ...baselineProblems(settings?.baseline, settings?.owner),
    ]),
  );
  const unusedPasswords = Object.keys(args.passwords ?? {})
    .filter((user) => args.users?.[user] === undefined)
    .map((user) => ({
      path: under("passwords", user),
      message: `is the password of a user that is not in users, got ${JSON.stringify(user)}; add the user or remove the password`,
    }));
  const duplicates = [
    ...Object.keys(args.users ?? {}).flatMap((user) => duplicateProblems("user", args.target, user, `users.${user}`)),
    ...Object.keys(args.databases ?? {}).flatMap((name) =>
      duplicateProblems("database", args.target, name, `databases.${name}`),
    ),
  ];
  return [
    ...users,
    ...databases,
    ...unusedPasswords,
    ...duplicates,
    ...grantProblems(args.grants, major),
    ...defaultPrivilegeProblems(args.defaultPrivileges, major),
  ];
}

/** The rules allow `expireIn` because it is a field of `PgUser`. */
function expireInProblems(user: UserSettings): Problem[] {
  const { expireIn } = { ...user } as { expireIn?: unknown };
  if (expireIn === undefined) return [];
  return [{ path: "expireIn", message: "applies only to a PgUser, whose creation date is known; use expireAt" }];
}

/** A password that is known now, not an output or a promise. The rule refuses a value of a wrong type. */
const knownPassword = (value: unknown): string | undefined =>
  typeof value === "object" || typeof value === "function" ? undefined : (value as string | undefined);

function documentOf(args: PgAccessArgs): AccessDocument {
  const withoutName = <T extends { name: string }>({ name: _name, ...rest }: T) => rest;
  const mapped = <A, B>(map: Record<string, A> | undefined, f: (key: string, value: A) => B) =>
    Object.fromEntries(Object.entries(map ?? {}).map(([key, value]) => [key, f(key, value)]));
  return {
    users: mapped(args.users, (username, user) => withoutName(desiredRole(username, user))),
    databases: mapped(args.databases, (database, settings) => withoutName(desiredDatabase(database, settings))),
    grants: args.grants ?? {},
    defaultPrivileges: args.defaultPrivileges ?? {},
  };
}
