/** Parses a line as HAProxy does (parse_line() of tools.c): quotes, escapes, comments, spaces. */
export function parseLine(line: string): string[] {
  const words: string[] = [];
  let current: string | undefined;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quote === "'" ? c === "'" : c === '"' && quote !== "'") {
      quote = quote === "" ? c : "";
      current ??= "";
    } else if (quote === "" && c === "'") {
      quote = c;
      current ??= "";
    } else if (c === "\\" && quote !== "'") {
      const escape = /^\\(x[0-9a-f]{2}|.)/.exec(line.slice(i))?.[1] ?? "";
      current = (current ?? "") + (escape.length === 3 ? String.fromCharCode(parseInt(escape.slice(1), 16)) : escape);
      i += escape.length;
    } else if (quote === "" && c === "#") break;
    else if (quote === "" && (c === " " || c === "\t")) {
      if (current !== undefined) words.push(current);
      current = undefined;
    } else if (quote !== "'" && c === "$") throw new Error("a variable");
    else current = (current ?? "") + c;
  }
  if (quote !== "") throw new Error("an open quote");
  return current === undefined ? words : [...words, current];
}
