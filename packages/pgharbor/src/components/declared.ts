import type * as pulumi from "@pulumi/pulumi";

/** The users that a program has declared on each target so far, with the resource that makes each. */
const users = new WeakMap<object, Map<string, pulumi.Resource>>();

export function declareUser(target: object, username: string, resource: pulumi.Resource): void {
  users.set(target, declaredUsers(target).set(username, resource));
}

export const declaredUsers = (target: object): Map<string, pulumi.Resource> => users.get(target) ?? new Map();
