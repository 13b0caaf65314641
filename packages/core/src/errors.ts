/** One thing wrong with what a person asked for. */
export interface Problem {
  /** Where, as the person wrote it: `services[1].port`, `memberSettings.m4.role`. */
  path: string;
  /** What is wrong, the value got, and the fix, in one line. Never a secret. */
  message: string;
}

/** A line of a rule's table: the problem, and when it is one. */
export interface Row extends Problem {
  when: boolean;
}
export const problemsOf = (rows: Row[]): Problem[] =>
  rows.filter((row) => row.when).map(({ path, message }) => ({ path, message }));

/** Thrown with every problem at once. */
export class InvalidSpec extends Error {
  constructor(
    readonly subject: string,
    readonly problems: Problem[],
  ) {
    super(`${subject}: ${problems.length} problem(s)\n${problems.map((p) => `  ${p.path}: ${p.message}`).join("\n")}`);
    this.name = "InvalidSpec";
  }
}

const LONGEST = 80;
/** What can forge lines, move the cursor or turn the text around, and is left as it is by JSON. */

const invisible = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value as it is shown in a message: quoted and cut, so that a hostile one cannot forge lines. */
export function show(value: unknown): string {
  const text = plain(value).replace(invisible, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3).replace(/[\ud800-\udbff]$/, "")}...` : text;
}

function plain(value: unknown): string {
  // JSON makes null of NaN and Infinity, and throws on a bigint.
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST + 1));
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "an object";
  }
}

/** Path of a field or an item below another; a hostile key is quoted. */
export function under(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z_][\w-]{0,63}$/.test(key)) return `${path}[${show(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** What is there by now. Throws with its name where it is not: a fault of ours, never of a program's. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** One thing that is wrong: what, the value that was got, and what to do about it. Never holds a secret. */
export interface Explanation {
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
  readonly problems: readonly Explanation[];
  /** SQLSTATE or the system's error code, where there is one. */
  readonly code?: string;

  constructor(problems: Explanation | readonly Explanation[], code?: string) {
    const all = Array.isArray(problems) ? (problems as readonly Explanation[]) : [problems as Explanation];
    super(messageOf(all));
    this.name = "ExplainedError";
    this.problems = all;
    const { problem, value, fix } = required(all[0], "an explanation");
    this.problem = problem;
    this.value = value;
    this.fix = fix;
    this.code = code;
  }

  /** The same error, in other words. */
  saying(problems: readonly Explanation[]): ExplainedError {
    return new ExplainedError(problems, this.code);
  }
}

/** A thousand users that all exist already must not fill a thousand lines; `problems` has them all. */
const SHOWN = 50;

function messageOf(all: readonly Explanation[]): string {
  const more = all.length > SHOWN ? [`... and ${all.length - SHOWN} more problems`] : [];
  return [...all.slice(0, SHOWN).map(formatExplanation), ...more].join("\n");
}

export function formatExplanation(p: Explanation): string {
  return `${p.path}: ${p.problem}, got ${p.value}; ${p.fix}`;
}
