import { show, type Problem } from "../../errors";
import { LONGEST_SELECTOR, selectorFault, selectorFields } from "../../model/selector";
import type { ResolvedMember } from "../../model/types";

/** A selector must be JMESPath, know its fields, and give members. */
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
      return [{ path, message: `is no JMESPath, got ${show(expression)}${reasonOf(fault.error)}` }];
    case "result":
      return [
        { path, message: `must give a list of members, such as "[? pg_role == 'replica']", got ${show(expression)}` },
      ];
  }
}

/** What jmespath says, where it means the person: of what it does not foresee, such as "=", it speaks of an `undefined` of its own. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error.message.includes("undefined")) return "";
  return `: ${show(error.message).slice(1, -1).replace(/\\"/g, '"')}`;
}
