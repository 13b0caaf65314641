import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { InvalidSpec, type Problem } from "@pgharbor/core";

/**
 * An error of Pulumi's own class with all problems of one component. A TypeScript program shows only the message, as for a RunError;
 * a program in another language gets the property paths.
 */
export function invalidArgs(subject: string, problems: Problem[]): Error {
  const error = new pulumi.InputPropertiesError({
    message: new InvalidSpec(subject, problems).message,
    errors: problems.map((p) => ({ propertyPath: p.path, reason: p.message })),
  });
  return Object.assign(error, { __pulumiRunError: true });
}

/** Runs a planner of core and throws its problems, and those found before, as one Pulumi error. */
export function planOrThrow<T>(subject: string, plan: () => T, found: Problem[] = []): T {
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

/** The same error for problems in deferred values. */
export const invalidDeferredArgs = (subject: string, problems: Problem[]): Error =>
  withFixedMessage(invalidArgs(subject, problems));

/**
 * Fixes an error's message, which is then all that Pulumi shows. Otherwise the SDK prefixes the message with the path of outputs that
 * waited, and prints every object attached to the error; an API client with its connections takes minutes and gigabytes.
 */
export function withFixedMessage(error: Error): Error {
  const { message } = error;
  const fixed = { get: () => message, set: () => undefined, configurable: true };
  return Object.defineProperties(Object.assign(error, { __pulumiRunError: true }), {
    message: fixed,
    stack: fixed,
    [inspect.custom]: { value: () => message, configurable: true },
  });
}
