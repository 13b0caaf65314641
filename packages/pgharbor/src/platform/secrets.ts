import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PlannedPassword } from "@pgharbor/core";

/** Of the roles that a cluster makes for itself. */
export type Passwords = Record<string, pulumi.Output<string>>;

/** One random password for each role that the cluster makes for itself. */
export function makePasswords(name: string, users: PlannedPassword[], opts: pulumi.CustomResourceOptions): Passwords {
  return Object.fromEntries(
    users.map((user) => [
      user,
      // Letters and digits only: they need no quoting in any file they reach.
      new random.RandomPassword(`${name}-${user}-password`, { length: 32, special: false }, opts).result,
    ]),
  );
}
