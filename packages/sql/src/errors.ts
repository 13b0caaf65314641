import { ExplainedError, type Explanation } from "@pgharbor/core";

export { ExplainedError, formatExplanation, type Explanation } from "@pgharbor/core";

/** No connection to a primary came about in the time that was given: the server was not there, or was none. */
export class UnreachableError extends ExplainedError {
  override saying(problems: readonly Explanation[]): UnreachableError {
    return new UnreachableError(problems);
  }
}

/** A change that failed after a part of it was made. */
export class ApplyError extends ExplainedError {
  constructor(
    cause: ExplainedError,
    /** What was done before it failed, in its display form. */
    readonly executed: readonly string[],
  ) {
    super(cause.problems, cause.code);
  }

  override saying(problems: readonly Explanation[]): ApplyError {
    return new ApplyError(super.saying(problems), this.executed);
  }
}

/** Removes every given secret from a text. The last guard before a server's message reaches a person. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((t, secret) => (secret.length < 4 ? t : t.split(secret).join("***")), text);
}
