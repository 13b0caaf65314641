import * as pulumi from "@pulumi/pulumi";
import { checkPassphrase, checkPassword, type Problem } from "@pgharbor/core";
import { invalidDeferredArgs } from "../outputs/problems";

/** Checks a password as soon as it is known: it may be an output, such as a secret of the stack's configuration. */
export const checkedPassword = (subject: string, path: string, password: pulumi.Input<string>): pulumi.Output<string> =>
  checkedOnceKnown(subject, password, (known) => checkPassword(known).map(({ message }) => ({ path, message })));

/** The same for the passphrase of backups. */
export const checkedPassphrase = (subject: string, passphrase: pulumi.Input<string>): pulumi.Output<string> =>
  checkedOnceKnown(subject, passphrase, checkPassphrase);

const checkedOnceKnown = (
  subject: string,
  secret: pulumi.Input<string>,
  check: (known: string) => Problem[],
): pulumi.Output<string> =>
  pulumi.output(secret).apply((known) => {
    const problems = check(known);
    if (problems.length > 0) throw invalidDeferredArgs(subject, problems);
    return known;
  });
