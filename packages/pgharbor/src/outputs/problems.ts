import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { InvalidSpec, type Problem } from "@pgharbor/core";

/**
 * Every problem of one component as Pulumi's own kind of error. In a TypeScript program only the message is shown, as of a
 * RunError; a program in another language gets the property paths.
 */
export function invalidArgs(subject: string, problems: Problem[]): Error {
  const error = new pulumi.InputPropertiesError({
    message: new InvalidSpec(subject, problems).message,
    errors: problems.map((p) => ({ propertyPath: p.path, reason: p.message })),
  });
  return Object.assign(error, { __pulumiRunError: true });
}

/** Runs a planner of core; its problems become Pulumi's, together with what was found before. */
export function orInvalidArgs<T>(subject: string, plan: () => T, found: Problem[] = []): T {
  let planned: T;
  try {
    planned = plan();
  } catch (error) {
    if (error instanceof InvalidSpec) throw invalidArgs(error.subject, [...found, ...error.problems]);
    throw error;
  }
  if (found.length > 0) throw invalidArgs(subject, found);
  return planned;
}

/** The same, found while values come in. */
export const invalidDeferredArgs = (subject: string, problems: Problem[]): Error =>
  asItIs(invalidArgs(subject, problems));

/**
 * An error whose message is all that is shown. Whoever waits for a value writes the way to it before the message, and the SDK
 * shows errors with all that hangs on their promise: with a client and its connections, minutes and gigabytes of it.
 */
export function asItIs(error: Error): Error {
  const { message } = error;
  const fixed = { get: () => message, set: () => undefined, configurable: true };
  return Object.defineProperties(Object.assign(error, { __pulumiRunError: true }), {
    message: fixed,
    stack: fixed,
    [inspect.custom]: { value: () => message, configurable: true },
  });
}
