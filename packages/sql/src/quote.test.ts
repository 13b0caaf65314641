import fc from "fast-check";
import { grantee, ident, literal, parameterName, parameterValue, sameParameter, splitList } from "./quote";

/** Reads a quoted identifier as the server's scanner does. */
function unquoteIdent(sql: string): string {
  expect(sql).toMatch(/^"(?:[^"]|"")+"$/);
  return sql.slice(1, -1).replace(/""/g, '"');
}

/** Reads a literal as the server's scanner does, whatever standard_conforming_strings is. */
function unquoteLiteral(sql: string): string {
  const extended = sql.startsWith("E");
  const body = sql.slice(extended ? 2 : 1, -1).replace(/''/g, "'");
  if (!extended) {
    expect(sql).toMatch(/^'(?:[^'\\]|'')*'$/);
    return body;
  }
  expect(sql).toMatch(/^E'(?:[^'\\]|''|\\\\)*'$/);
  return body.replace(/\\\\/g, "\\");
}

const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((s) => !s.includes("\0"));
const name = text.filter((s) => s !== "" && Buffer.byteLength(s) <= 63);
const hostile = fc.constantFrom(
  `a"; drop role b; --`,
  `a'b\\'c`,
  "line\nbreak",
  `"`,
  `\\`,
  "$$",
  "ünï",
  "$user",
  "--",
  "/*",
);

describe("quoting", () => {
  it("an identifier round-trips", () => {
    fc.assert(fc.property(fc.oneof(name, hostile), (s) => unquoteIdent(ident(s)) === s));
  });

  it("a literal round-trips", () => {
    fc.assert(fc.property(fc.oneof(text, hostile), (s) => unquoteLiteral(literal(s)) === s));
  });

  it("the elements of a list parameter round-trip through the server's stored text", () => {
    // The server stores quote_identifier() of each element.
    const stored = (items: string[]): string => items.map(ident).join(", ");
    fc.assert(
      fc.property(fc.array(fc.oneof(name, hostile), { minLength: 1, maxLength: 5 }), (items) => {
        expect(splitList(stored(items))).toEqual(items);
        expect(sameParameter("search_path", stored(items), items)).toBe(true);
        expect(sameParameter("search_path", stored(items), [...items, "more"])).toBe(false);
      }),
    );
  });

  it.each([
    ["an empty identifier", () => ident(""), 'identifier: must not be empty, got ""; give a name'],
    [
      "a NUL in an identifier",
      () => ident("a\0b"),
      'identifier: must not contain a NUL character, got "a\\u0000b"; remove it',
    ],
    ["a NUL in a literal", () => literal("\0"), 'literal: must not contain a NUL character, got "\\u0000"; remove it'],
    [
      "half a character",
      () => literal("\ud800"),
      'literal: must be well-formed Unicode, got "\\ud800"; remove the unpaired surrogate',
    ],
    [
      "64 bytes",
      () => ident("é".repeat(32)),
      `identifier: must be at most 63 bytes, got "${"é".repeat(32)}"; choose a shorter name`,
    ],
    [
      "an open quote in a list",
      () => splitList('a, "b'),
      'list: must be names separated by commas, got "a, \\"b"; close every " and put a comma between names',
    ],
  ])("refuses %s", (_what, fn, message) => expect(fn).toThrow(message));
});

describe("parameters", () => {
  it.each([
    ["work_mem", "64MB", `"work_mem" TO '64MB'`],
    ["pgaudit.log", "ddl, role", `"pgaudit"."log" TO 'ddl, role'`],
    ["search_path", "app, public", `"search_path" TO 'app', 'public'`],
    ["search_path", '"$user", "My App"', `"search_path" TO '$user', 'My App'`],
    ["Search_Path", ["App", "public"], `"Search_Path" TO 'App', 'public'`],
    ["search_path", "", `"search_path" TO ''`],
    ["DateStyle", "ISO, DMY", `"DateStyle" TO 'ISO, DMY'`],
    ["work_mem", "1'; drop role x; --", `"work_mem" TO '1''; drop role x; --'`],
  ])("%s = %j", (parameter, value, sql) => {
    expect(`${parameterName(parameter)} TO ${parameterValue(parameter, value)}`).toBe(sql);
  });

  it.each([
    ["search_path", "app, public", "app,public", true],
    ["search_path", '"$user", public', ["$user", "public"], true],
    ["search_path", '""', "", true],
    ["search_path", "app, public", "public, app", false],
    ["work_mem", "64MB", "64MB", true],
    ["work_mem", "64MB", "65536kB", false],
  ])("%s stored as %j is %j: %s", (parameter, stored, declared, same) => {
    expect(sameParameter(parameter, stored, declared)).toBe(same);
  });
});

test("public means every role and is not a role's name", () => {
  expect(grantee("public")).toBe("PUBLIC");
  expect(grantee("Public")).toBe('"Public"');
});
