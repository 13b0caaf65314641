import { first } from "./required";
/** One thing that is wrong: what, the value that was got, and what to do about it. Never holds a secret. */
export interface Problem {
  /** Where in the declaration, or which part of the server. */
  path: string;
  /** What is wrong. */
  problem: string;
  /** The value that was got. */
  value: string;
  /** What to do. */
  fix: string;
}

/** An error that says what is wrong, the value got and the fix. `problems` has all of them, the first one's fields are on the error itself. */
export class ExplainedError extends Error {
  readonly problem: string;
  readonly value: string;
  readonly fix: string;
  readonly problems: readonly Problem[];
  /** SQLSTATE or the system's error code, where there is one. */
  readonly code?: string;

  constructor(problems: Problem | readonly Problem[], code?: string) {
    const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(messageOf(all));
    this.name = "ExplainedError";
    this.problems = all;
    const { problem, value, fix } = first(all);
    this.problem = problem;
    this.value = value;
    this.fix = fix;
    this.code = code;
  }

  /** The same error, in other words. */
  saying(problems: readonly Problem[]): ExplainedError {
    return new ExplainedError(problems, this.code);
  }
}

/** No connection to a primary came about in the time that was given: the server was not there, or was none. */
export class UnreachableError extends ExplainedError {
  override saying(problems: readonly Problem[]): UnreachableError {
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

  override saying(problems: readonly Problem[]): ApplyError {
    return new ApplyError(super.saying(problems), this.executed);
  }
}

/** A thousand users that all exist already must not fill a thousand lines; `problems` has them all. */
const SHOWN = 50;

function messageOf(all: readonly Problem[]): string {
  const more = all.length > SHOWN ? [`... and ${all.length - SHOWN} more problems`] : [];
  return [...all.slice(0, SHOWN).map(formatProblem), ...more].join("\n");
}

export function formatProblem(p: Problem): string {
  return `${p.path}: ${p.problem}, got ${p.value}; ${p.fix}`;
}

/** Removes every given secret from a text. The last guard before a server's message reaches a person. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((t, secret) => (secret.length < 4 ? t : t.split(secret).join("***")), text);
}
