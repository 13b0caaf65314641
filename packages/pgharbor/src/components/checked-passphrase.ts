import * as pulumi from "@pulumi/pulumi";
import { checkPassphrase } from "@pgharbor/core";
import { invalidDeferredArgs } from "../outputs/problems";

/** Checks a passphrase as soon as it is known. */
export const checkedPassphrase = (subject: string, passphrase: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.output(passphrase).apply((known) => {
    const problems = checkPassphrase(known);
    if (problems.length > 0) throw invalidDeferredArgs(subject, problems);
    return known;
  });
