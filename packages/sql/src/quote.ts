import { ExplainedError } from "./errors";

/** NAMEDATALEN - 1: PostgreSQL silently truncates longer names, so that two different names could become one object. */
export const MAX_IDENTIFIER_BYTES = 63;

function refuse(kind: string, text: string, problem: string, fix: string): never {
  throw new ExplainedError({ path: kind, problem, value: JSON.stringify(text), fix });
}

function checkText(kind: string, text: string): void {
  if (text.includes("\0")) refuse(kind, text, "must not contain a NUL character", "remove it");
  if (/\p{Surrogate}/u.test(text)) refuse(kind, text, "must be well-formed Unicode", "remove the unpaired surrogate");
}

/** A quoted identifier, always in double quotes, which needs no keyword list for the server's version. */
export function ident(name: string): string {
  checkText("identifier", name);
  if (name === "") refuse("identifier", name, "must not be empty", "give a name");
  if (Buffer.byteLength(name) > MAX_IDENTIFIER_BYTES) {
    refuse("identifier", name, `must be at most ${MAX_IDENTIFIER_BYTES} bytes`, "choose a shorter name");
  }
  return `"${name.replace(/"/g, '""')}"`;
}

/** A name with its schema. */
export function qualified(schema: string, name: string): string {
  return `${ident(schema)}.${ident(name)}`;
}

/** A string literal for any standard_conforming_strings: backslashes only occur in the E'' form. */
export function literal(text: string): string {
  checkText("literal", text);
  const quoted = text.replace(/'/g, "''");
  return quoted.includes("\\") ? `E'${quoted.replace(/\\/g, "\\\\")}'` : `'${quoted}'`;
}

/** The grantee of a GRANT. No role can have the lower-case name `public`, which is PostgreSQL's keyword even in quotes. */
export function grantee(name: string): string {
  return name === "public" ? "PUBLIC" : ident(name);
}

/**
 * Parameters whose value is a list of identifiers (GUC_LIST_QUOTE). SET with one literal would store one element named `a, b`. The list is
 * fixed upstream: src/bin/pg_dump/dumputils.c, variable_is_guc_list_quote().
 */
const LIST_PARAMETERS = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

export function isListParameter(name: string): boolean {
  return LIST_PARAMETERS.has(name.toLowerCase());
}

/** A parameter's name; extension parameters have a dot. */
export function parameterName(name: string): string {
  return name.split(".").map(ident).join(".");
}

/** The right-hand side of SET name TO ...; a list parameter gets one literal for each element. */
export function parameterValue(name: string, value: string | string[]): string {
  if (!isListParameter(name)) return literal(Array.isArray(value) ? value.join(", ") : value);
  const items = Array.isArray(value) ? value : splitList(value);
  return items.length === 0 ? "''" : items.map(literal).join(", ");
}

/** True if the stored text of a parameter equals the declared value. */
export function sameParameter(name: string, stored: string, declared: string | string[]): boolean {
  if (!isListParameter(name)) return stored === (Array.isArray(declared) ? declared.join(", ") : declared);
  const wanted = Array.isArray(declared) ? declared : splitList(declared);
  // SET x TO '' stores one empty name, which the server treats as no name.
  return JSON.stringify(splitList(stored).filter(Boolean)) === JSON.stringify(wanted.filter(Boolean));
}

/** Splits `a, "b, c"` like the server (SplitIdentifierString): quoted parts verbatim, the others in lower case. */
export function splitList(text: string): string[] {
  const items: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,"]*?))\s*(?:,|$)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match)
      refuse("list", text, "must be names separated by commas", 'close every " and put a comma between names');
    items.push(match[1] !== undefined ? match[1].replace(/""/g, '"') : (match[2] ?? "").toLowerCase());
  }
  return items;
}
