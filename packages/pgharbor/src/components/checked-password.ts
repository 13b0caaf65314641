import * as pulumi from "@pulumi/pulumi";
import { checkPassword } from "@pgharbor/core";
import { invalidDeferredArgs } from "../outputs/problems";

/** Checks a password as soon as it is known: it may be an output, such as a secret of the stack's configuration. */
export const checkedPassword = (subject: string, path: string, password: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.output(password).apply((known) => {
    const problems = checkPassword(known).map(({ message }) => ({ path, message }));
    if (problems.length > 0) throw invalidDeferredArgs(subject, problems);
    return known;
  });
