import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PlannedPassword } from "@pgharbor/core";

/** Passwords of the cluster's own roles, by role. */
export type Passwords = Record<string, pulumi.Output<string>>;

/** Creates a random password for each of the cluster's own roles. */
export function createPasswords(name: string, users: PlannedPassword[], opts: pulumi.CustomResourceOptions): Passwords {
  return Object.fromEntries(
    users.map((user) => [
      user,
      // Letters and digits need no quoting in any file.
      new random.RandomPassword(`${name}-${user}-password`, { length: 32, special: false }, opts).result,
    ]),
  );
}
