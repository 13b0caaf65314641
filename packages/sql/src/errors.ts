import { ExplainedError, type Explanation } from "@pgharbor/core";

export { ExplainedError, formatExplanation, type Explanation } from "@pgharbor/core";

/** No primary accepted a connection within the given time: the server was down, or was a standby. */
export class UnreachableError extends ExplainedError {
  override saying(problems: readonly Explanation[]): UnreachableError {
    return new UnreachableError(problems);
  }
}

/** A change that failed after some statements had run. */
export class ApplyError extends ExplainedError {
  constructor(
    cause: ExplainedError,
    /** Display forms of the statements that ran. */
    readonly executed: readonly string[],
  ) {
    super(cause.problems, cause.code);
  }

  override saying(problems: readonly Explanation[]): ApplyError {
    return new ApplyError(super.saying(problems), this.executed);
  }
}

/** Removes all given secrets from a text. The last protection before a server's message is shown. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((t, secret) => (secret.length < 4 ? t : t.split(secret).join("***")), text);
}
