import type * as pulumi from "@pulumi/pulumi";
import type { BindingSecretSpec, Problem } from "@pgharbor/core";

/** What a program has declared on each target so far, by name, with the resource that makes it. */
type Declarations = WeakMap<object, Map<string, pulumi.Resource>>;
const users: Declarations = new WeakMap();
const databases: Declarations = new WeakMap();
const bindingSecrets: Declarations = new WeakMap();

/** A user that an object of the program stands for: a `PgUser`, or its output `username`. */
export interface DeclaredUser {
  target: object;
  username: string;
}
const known = new WeakMap<object, DeclaredUser>();
/** The target of a `PgDatabase`. */
const targets = new WeakMap<object, object>();

export const declaredUsers = (target: object): Map<string, pulumi.Resource> =>
  users.get(target) ?? new Map<string, pulumi.Resource>();
export const declareUser = (target: object, username: string, resource: pulumi.Resource): void =>
  declare(users, target, username, resource);

export const declaredDatabases = (target: object): Map<string, pulumi.Resource> =>
  databases.get(target) ?? new Map<string, pulumi.Resource>();
export const declareDatabase = (target: object, name: string, resource: pulumi.Resource): void =>
  declare(databases, target, name, resource);

export const declareBindingSecret = (
  target: object,
  secret: BindingSecretSpec,
  name: string,
  resource: pulumi.Resource,
): void => declare(bindingSecrets, target, secretKey(secret, name), resource);

const secretKey = (secret: BindingSecretSpec, name: string): string =>
  `${secret.namespace ?? ""}/${secret.name ?? name}`;

/** Two bindings would write it by turns. */
export function secretDeclaredTwice(target: object, secret: BindingSecretSpec, name: string): Problem[] {
  if (!bindingSecrets.get(target)?.has(secretKey(secret, name))) return [];
  const message = `is the Secret of another binding already, got ${JSON.stringify(secret.name ?? name)}; give each a name of its own`;
  return [{ path: "secret.name", message }];
}

function declare(all: Declarations, target: object, name: string, resource: pulumi.Resource): void {
  all.set(target, (all.get(target) ?? new Map<string, pulumi.Resource>()).set(name, resource));
}

export const standsForUser = (object: object, user: DeclaredUser): void => void known.set(object, user);
/** Undefined: not an object of this program, so nothing is known of it yet. */
export const userBehind = (object: unknown): DeclaredUser | undefined =>
  typeof object === "object" && object !== null ? known.get(object) : undefined;

export const isDatabaseOf = (database: object, target: object): void => void targets.set(database, target);
export const targetOfDatabase = (database: object): object | undefined => targets.get(database);

/** One object declared twice would be two resources that undo each other. */
export function declaredTwice(kind: "user" | "database", target: object, name: string, path: string): Problem[] {
  if (!(kind === "user" ? users : databases).get(target)?.has(name)) return [];
  const message = `is declared already on this target, got ${JSON.stringify(name)}; declare a ${kind} once and share the object`;
  return [{ path, message }];
}
