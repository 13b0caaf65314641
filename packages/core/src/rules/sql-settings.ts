import { checkParameterName } from "./parameters";
import { problemsOf, show, under, type Problem } from "./problem";

/** What ends a string of the SQL protocol: PostgreSQL takes every other character. */
export const hasNul = (text: string | undefined): boolean => text?.includes("\0") ?? false;
const LONGEST_COMMENT = 8000;

/** Parameters of a user's or a database's sessions. */
export const checkSessionParameters = (parameters: Record<string, string | undefined> = {}): Problem[] =>
  Object.entries(parameters).flatMap(([name, value = ""]) =>
    checkParameterName(under("parameters", name), name, value),
  );

export const checkComment = (comment: string | undefined): Problem[] =>
  problemsOf([
    {
      when: hasNul(comment),
      path: "comment",
      message: `must not hold a NUL character, got ${show(comment)}`,
    },
    {
      when: (comment?.length ?? 0) > LONGEST_COMMENT,
      path: "comment",
      message: `must be at most ${LONGEST_COMMENT} characters, got ${comment?.length}`,
    },
  ]);
