import * as pulumi from "@pulumi/pulumi";
import { checkDatabase, checkDatabaseOnCluster, systemUsers, type Problem } from "@pgharbor/core";
import type { ServiceEndpoint } from "../outputs/endpoint";
import { invalidArgs } from "../outputs/problems";
import { sqlAccess, SqlResource } from "../platform/sql/sql-resource";
import { registerComponent, internalsOf, majorOf, adoptExisting } from "../program/cluster-internals";
import {
  declareDatabase,
  duplicateProblems,
  declaredUsers,
  registerDatabase,
  declaredUserOf,
} from "../program/declared";
import {
  baselineProblems,
  databasePropertyNames,
  databaseSpec,
  desiredDatabase,
  type DatabaseProperties,
} from "./database-settings";
import { knownArgs, type ArgNames } from "./known-args";
import type { PostgresTarget } from "./postgres-target";
import { targetProblems } from "./target-problems";

/** Arguments of `PgDatabase`. Changes are SQL only, unless noted. */
export interface PgDatabaseArgs extends DatabaseProperties {
  /** A `PostgresCluster` or an `ExternalPostgres`. */
  target: PostgresTarget;
  /**
   * Letter or underscore first, then letters, digits, `_`; at most 63. A change replaces the database. @default the resource's name with
   * `-` as `_`
   */
  databaseName?: string;
  /** A user declared on the same target. @default the admin user */
  owner?: pulumi.Input<string>;
}

const argNames: ArgNames<PgDatabaseArgs> = { ...databasePropertyNames, target: true, databaseName: true, owner: true };

/**
 * A database. CONNECT is revoked from PUBLIC. Objects that are not declared are never touched.
 *
 * ```ts
 * const db = new PgDatabase("shop", { target: cluster, owner: owner.username, extensions: [{ name: "vector" }] });
 * ```
 */
export class PgDatabase extends pulumi.ComponentResource {
  public readonly databaseName: pulumi.Output<string>;
  /** The target's name. */
  public readonly targetName: pulumi.Output<string>;
  /** The target's services, for bindings. */
  public readonly services: pulumi.Output<ServiceEndpoint[]>;

  constructor(name: string, args: PgDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { known, problems: unknown } = knownArgs(args, argNames);
    const { target, owner, databaseName = name.replaceAll("-", "_"), ...settings } = known;
    const plainOwner = typeof owner === "string" ? owner : undefined;
    const users = declaredUsers(target ?? {});
    const major = majorOf(target);
    const problems = [
      ...targetProblems(target),
      ...checkDatabase(databaseSpec(databaseName, { ...settings, owner: plainOwner }), ownersOn(target, users)),
      ...(major === undefined ? [] : checkDatabaseOnCluster(databaseSpec(databaseName, settings), major)),
      ...foreignOwnerProblems(target, owner),
      ...baselineProblems(settings.baseline, owner),
      ...duplicateProblems("database", target, databaseName, "databaseName"),
    ];
    if (problems.length + unknown.length > 0)
      throw invalidArgs(`PgDatabase ${JSON.stringify(name)}`, [...unknown, ...problems.map(withArgumentName)]);
    super("pgharbor:index:PgDatabase", name, { databaseName, ...settings }, opts);
    registerComponent(target, this);

    const ownerRole = plainOwner === undefined ? undefined : users.get(plainOwner);
    const database = new SqlResource(
      "PgDatabase",
      name,
      {
        ...sqlAccess(target, this),
        database: { ...desiredDatabase(databaseName, settings), owner },
        ...adoptExisting(target),
      },
      {
        parent: this,
        dependsOn: ownerRole === undefined ? [] : [ownerRole],
        deletedWith: internalsOf(target)?.deletedWith,
      },
    );

    declareDatabase(target, databaseName, database);
    registerDatabase(this, target);

    this.databaseName = database.urn.apply(() => databaseName);
    this.targetName = pulumi.output(target.targetName);
    this.services = pulumi.output(target.services);
    this.registerOutputs({
      databaseName: this.databaseName,
      targetName: this.targetName,
      services: this.services,
    });
  }
}

/** On a cluster the owner must be declared; an external server may have other users. */
function ownersOn(target: PostgresTarget, users: Map<string, pulumi.Resource>): string[] | undefined {
  return internalsOf(target ?? {}) === undefined ? undefined : [...users.keys(), systemUsers.admin];
}

/** The rules call the argument `databaseName` `name`. */
const withArgumentName = ({ path, message }: Problem): Problem => ({
  path: path === "name" ? "databaseName" : path,
  message,
});

/** Refuses `owner: user.username` of a user on another target. */
function foreignOwnerProblems(target: PostgresTarget, owner: unknown): Problem[] {
  const user = declaredUserOf(owner);
  if (user === undefined || user.target === target) return [];
  const message = `must be declared on the same target as the database, got user ${JSON.stringify(user.username)} of another; declare one on this target`;
  return [{ path: "owner", message }];
}
