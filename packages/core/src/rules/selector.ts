import * as jmespath from "jmespath";
import { selectorRows, type SelectorRow } from "../selectors/select";
import type { PlannedMember } from "../plan/types";
import { show, type Problem } from "./problem";

/** Recursion of the parser is bounded by the length. */
const LONGEST = 1000;
const fieldNames: readonly (keyof SelectorRow)[] = ["name", "pg_role", "pg_offline_query", "host", "tags"];

/** The part of jmespath's syntax tree that is walked. */
interface Node {
  type?: string;
  name?: string;
  value?: unknown;
  children?: unknown;
}
/** Public in jmespath.js, and missing in its types. */
const { compile } = jmespath as unknown as { compile(expression: string): Node };

/** A selector must be JMESPath, know its fields, and give members. */
export function checkSelector(path: string, expression: string, members: PlannedMember[]): Problem[] {
  if (expression.length > LONGEST) {
    return [{ path, message: `must be at most ${LONGEST} characters, got ${expression.length}` }];
  }
  try {
    const unknown = [...new Set(unknownFields(compile(expression)))];
    if (unknown.length > 0) {
      return unknown.map((field) => ({
        path,
        message: `unknown selector field ${show(field)}; fields are ${fieldNames.join(", ")}`,
      }));
    }
    return selectsMembers(expression, members)
      ? []
      : [{ path, message: `must give a list of members, such as "[? pg_role == 'replica']", got ${show(expression)}` }];
  } catch (error) {
    return [{ path, message: `is no JMESPath, got ${show(expression)}${reasonOf(error)}` }];
  }
}

/** What jmespath says, where it means the person: of what it does not foresee, such as "=", it speaks of an `undefined` of its own. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || error.message.includes("undefined")) return "";
  return `: ${show(error.message).slice(1, -1).replace(/\\"/g, '"')}`;
}

function selectsMembers(expression: string, members: PlannedMember[]): boolean {
  const rows = selectorRows(members).map((r) => r.row);
  const picked: unknown = jmespath.search(rows, expression);
  return Array.isArray(picked) && picked.every((one) => rows.includes(one as SelectorRow));
}

function unknownFields(node: Node): string[] {
  const children = (Array.isArray(node.children) ? node.children : []).filter(isNode);
  const below = [...children, ...(isNode(node.value) && node.type === "KeyValuePair" ? [node.value] : [])];
  if (node.type === "Field") return isField(node.name) ? [] : [node.name ?? ""];
  // Below `tags` everything is the person's own.
  if (node.type === "Subexpression" && endsInTags(children[0])) return unknownFields(children[0] ?? {});
  return below.flatMap(unknownFields);
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;
const isField = (name: string | undefined): boolean => (fieldNames as readonly string[]).includes(name ?? "");
const endsInTags = (node: Node | undefined): boolean => node?.type === "Field" && node.name === "tags";
