import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Late, PlannedPassword } from "@pgharbor/core";
import type { Certificates } from "./certificates";

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

interface LateOutputs {
  passwords: Record<string, pulumi.Input<string>>;
  certificates: Certificates;
  authorities: Partial<Record<string, pulumi.Output<string>>>;
  caCertificate: pulumi.Input<string>;
}

/** All late values in one, so that each file is made by one `apply`. */
export const gatherLate = (late: LateOutputs): pulumi.Output<Late> =>
  pulumi.secret(pulumi.output({ ...late })) as unknown as pulumi.Output<Late>;
