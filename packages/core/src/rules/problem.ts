/** One thing wrong with what a person asked for. */
export interface Problem {
  /** Where, as the person wrote it: `services[1].port`, `memberSettings.m4.role`. */
  path: string;
  /** What is wrong, the value got, and the fix, in one line. Never a secret. */
  message: string;
}

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

/** A value as it is shown in a message: quoted and cut, so that a hostile one cannot forge lines. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
