import { checkParameterName } from "../parameters/parameters";
import { hasLoneSurrogate } from "../shared/patterns";
import { problemsOf, under, type Problem, type Row } from "../../errors";

/** Text that PostgreSQL can store: a NUL ends strings of its protocol, and a lone surrogate has no UTF-8. */
export const storableRows = (path: string, text: string | undefined): Row[] => [
  { when: text?.includes("\0") ?? false, path, message: "must not contain a NUL character; remove it" },
  {
    when: hasLoneSurrogate(text ?? ""),
    path,
    message: "must not contain a lone surrogate; remove it",
  },
];
const LONGEST_COMMENT = 8000;

/** Parameters of a user's or a database's sessions. */
export const checkSessionParameters = (
  parameters: Record<string, string | undefined> = {},
  path = "parameters",
): Problem[] =>
  Object.entries(parameters).flatMap(([name, value = ""]) => checkParameterName(under(path, name), name, value));

export const checkComment = (comment: string | undefined): Problem[] =>
  problemsOf([
    ...storableRows("comment", comment),
    {
      when: (comment?.length ?? 0) > LONGEST_COMMENT,
      path: "comment",
      message: `must be at most ${LONGEST_COMMENT} characters, got ${comment?.length}`,
    },
  ]);
