import * as jmespath from "jmespath";
import { selectorRows, type SelectorRow } from "./select-servers";
import type { ResolvedMember } from "./types";

/** The length bounds the parser's recursion. */
export const LONGEST_SELECTOR = 1000;
export const selectorFields: readonly (keyof SelectorRow)[] = ["name", "pg_role", "pg_offline_query", "host", "tags"];

/** The part of jmespath's syntax tree that is used here. */
interface Node {
  type?: string;
  name?: string;
  value?: unknown;
  children?: unknown;
}
/** Exported by jmespath.js, but missing in its types. */
const { compile } = jmespath as unknown as { compile(expression: string): Node };

/** Reasons for which a text is no selector. */
export type SelectorFault =
  | { kind: "length" }
  | { kind: "fields"; unknown: string[] }
  | { kind: "syntax"; error: unknown }
  /** The result is not a list of members. */
  | { kind: "result" };

/** A selector must be JMESPath, use known fields, and return members. */
export function selectorFault(expression: string, members: ResolvedMember[]): SelectorFault | undefined {
  if (expression.length > LONGEST_SELECTOR) return { kind: "length" };
  try {
    const unknown = [...new Set(unknownFields(compile(expression)))];
    if (unknown.length > 0) return { kind: "fields", unknown };
    return selectsMembers(expression, members) ? undefined : { kind: "result" };
  } catch (error) {
    return { kind: "syntax", error };
  }
}

function selectsMembers(expression: string, members: ResolvedMember[]): boolean {
  const rows = selectorRows(members).map((r) => r.row);
  const picked: unknown = jmespath.search(rows, expression);
  return Array.isArray(picked) && picked.every((one) => rows.includes(one as SelectorRow));
}

function unknownFields(node: Node): string[] {
  const children = (Array.isArray(node.children) ? node.children : []).filter(isNode);
  const below = [...children, ...(isNode(node.value) && node.type === "KeyValuePair" ? [node.value] : [])];
  if (node.type === "Field") return isField(node.name) ? [] : [node.name ?? ""];
  // Fields below `tags` are custom.
  if (node.type === "Subexpression" && endsInTags(children[0])) return unknownFields(children[0] ?? {});
  return below.flatMap(unknownFields);
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;
const isField = (name: string | undefined): boolean => (selectorFields as readonly string[]).includes(name ?? "");
const endsInTags = (node: Node | undefined): boolean => node?.type === "Field" && node.name === "tags";
