/** One problem of a specification. */
export interface Problem {
  /** The field, as written in the program: `services[1].port`, `memberSettings.m4.role`. */
  path: string;
  /** The problem, the value got, and the fix, in one line. Never a secret. */
  message: string;
}

/** One row of a rule's table: the problem, and the condition for it. */
export interface Row extends Problem {
  when: boolean;
}
export const problemsOf = (rows: Row[]): Problem[] =>
  rows.filter((row) => row.when).map(({ path, message }) => ({ path, message }));

/** Lists all problems at once. */
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
/** Characters that can forge lines, move the cursor or reverse the text, and that JSON does not escape. */
const invisible = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Formats a value for a message: quoted and truncated, so that a hostile value cannot forge lines. */
export function show(value: unknown): string {
  const text = plain(value).replace(invisible, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3).replace(/[\ud800-\udbff]$/, "")}...` : text;
}

function plain(value: unknown): string {
  // JSON turns NaN and Infinity into null, and throws on a bigint.
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST + 1));
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "an object";
  }
}

/** Path of a field or list item below another path. A hostile key is quoted. */
export function under(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  if (!/^[A-Za-z_][\w-]{0,63}$/.test(key)) return `${path}[${show(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Returns a value that must be known by now. A missing value is a bug of pgharbor, so the error only names it. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is missing`);
  return value;
}

/** The first item of a list that is never empty: the members of a plan, the row of a query that returns one, the problems of an error. */
export const first = <T>([one]: readonly T[]): T => required(one, "the first of a list");

/** One problem in parts. Never contains a secret. */
export interface Explanation {
  /** The field of the declaration, or the part of the server. */
  path: string;
  problem: string;
  /** The value got. */
  value: string;
  fix: string;
}

/** An error with the problem, the value got and the fix. `problems` lists all of them; the first one's fields are on the error itself. */
export class ExplainedError extends Error {
  readonly problem: string;
  readonly value: string;
  readonly fix: string;
  readonly problems: readonly Explanation[];
  /** SQLSTATE or the system's error code, if there is one. */
  readonly code?: string;

  constructor(problems: Explanation | readonly Explanation[], code?: string) {
    const all = Array.isArray(problems) ? (problems as readonly Explanation[]) : [problems as Explanation];
    super(messageOf(all));
    this.name = "ExplainedError";
    this.problems = all;
    const { problem, value, fix } = first(all);
    this.problem = problem;
    this.value = value;
    this.fix = fix;
    this.code = code;
  }

  /** The same error with other problems. */
  saying(problems: readonly Explanation[]): ExplainedError {
    return new ExplainedError(problems, this.code);
  }
}

/** Keeps the message short when thousands of objects fail; `problems` has all of them. */
const SHOWN = 50;

function messageOf(all: readonly Explanation[]): string {
  const more = all.length > SHOWN ? [`... and ${all.length - SHOWN} more problems`] : [];
  return [...all.slice(0, SHOWN).map(formatExplanation), ...more].join("\n");
}

export function formatExplanation(p: Explanation): string {
  return `${p.path}: ${p.problem}, got ${p.value}; ${p.fix}`;
}
