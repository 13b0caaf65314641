import { show, type Problem } from "../../errors";
import { LONGEST_SELECTOR, selectorFault, selectorFields } from "../../model/selector";
import type { ResolvedMember } from "../../model/types";

/** A selector must be JMESPath, use known fields, and return members. */
export function checkSelector(path: string, expression: string, members: ResolvedMember[]): Problem[] {
  const fault = selectorFault(expression, members);
  switch (fault?.kind) {
    case undefined:
      return [];
    case "length":
      return [{ path, message: `must be at most ${LONGEST_SELECTOR} characters, got ${expression.length}` }];
    case "fields":
      return fault.unknown.map((field) => ({
        path,
        message: `unknown selector field ${show(field)}; fields are ${selectorFields.join(", ")}`,
      }));
    case "syntax":
      return [{ path, message: `is not a JMESPath expression, got ${show(expression)}${reasonOf(fault.error)}` }];
    case "result":
      return [
        { path, message: `must give a list of members, such as "[? pg_role == 'replica']", got ${show(expression)}` },
      ];
  }
}

/** jmespath's message, if it is useful: on unexpected input such as "=" it mentions an internal `undefined`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error.message.includes("undefined")) return "";
  return `: ${show(error.message).slice(1, -1).replace(/\\"/g, '"')}`;
}
