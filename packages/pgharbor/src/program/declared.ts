import type * as pulumi from "@pulumi/pulumi";
import type { BindingSecretSpec, Problem } from "@pgharbor/core";
import { entryOf, type DeclaredUser } from "./registry";

export const declaredUsers = (target: object): Map<string, pulumi.Resource> => entryOf(target).users;
export const declareUser = (target: object, username: string, resource: pulumi.Resource): void =>
  void entryOf(target).users.set(username, resource);

export const declaredDatabases = (target: object): Map<string, pulumi.Resource> => entryOf(target).databases;
export const declareDatabase = (target: object, name: string, resource: pulumi.Resource): void =>
  void entryOf(target).databases.set(name, resource);

export const declareBindingSecret = (
  target: object,
  secret: BindingSecretSpec,
  name: string,
  resource: pulumi.Resource,
): void => void entryOf(target).bindingSecrets.set(secretKey(secret, name), resource);

const secretKey = (secret: BindingSecretSpec, name: string): string =>
  `${secret.namespace ?? ""}/${secret.name ?? name}`;

/** Two bindings would overwrite each other's Secret. */
export function duplicateSecretProblems(target: object, secret: BindingSecretSpec, name: string): Problem[] {
  if (!entryOf(target).bindingSecrets.has(secretKey(secret, name))) return [];
  const message = `is already the Secret of another binding, got ${JSON.stringify(secret.name ?? name)}; give each binding a different name`;
  return [{ path: "secret.name", message }];
}

/** Registers objects of the program that represent the user. */
export function registerUser(objects: readonly object[], user: DeclaredUser): void {
  for (const object of objects) entryOf(object).user = user;
}
/** Undefined for an object of another program. */
export const declaredUserOf = (object: unknown): DeclaredUser | undefined =>
  typeof object === "object" && object !== null ? entryOf(object).user : undefined;

export const registerDatabase = (database: object, target: object): void =>
  void (entryOf(database).databaseTarget = target);
export const targetOfDatabase = (database: object): object | undefined => entryOf(database).databaseTarget;

/** Two resources of the same user or database would undo each other's changes. */
export function duplicateProblems(kind: "user" | "database", target: object, name: string, path: string): Problem[] {
  if (!entryOf(target)[`${kind}s`].has(name)) return [];
  const message = `is already declared on this target, got ${JSON.stringify(name)}; declare a ${kind} once and share the object`;
  return [{ path, message }];
}
