/** One line of pg_hba.conf, https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
export interface HbaLine {
  type: "local" | "host" | "hostssl";
  databases: readonly string[];
  users: readonly string[];
  /** None for `local`. */
  address?: string;
  method: "peer" | "scram-sha-256" | "cert" | "reject";
}

/** Names that mean something else when they stand without quotes. */
const databaseKeywords = ["all", "replication", "sameuser", "samerole", "samegroup"];

/** The line's text. Databases and users say `all`, and `replication` and `+role`, as the format does; all else is a name. */
export const hbaLine = (line: HbaLine): string =>
  [
    line.type,
    line.databases.map(database).join(","),
    line.users.map(user).join(","),
    ...(line.type === "local" ? [] : [address(line)]),
    line.method,
  ].join(" ");

function database(text: string): string {
  return ["all", "replication"].includes(text) ? text : name(text, databaseKeywords);
}

function user(text: string): string {
  if (text === "all") return text;
  // Quotes at the very start would take the plus for a letter of the name.
  if (text.length > 1 && text.startsWith("+")) return `+${name(text.slice(1), [])}`;
  return name(text, ["all"]);
}

/** A quoted address is no keyword: whatever stands here, it opens nothing that was not meant. */
function address({ address: text }: HbaLine): string {
  if (text === undefined) throw new Error("pg_hba: a line that is not local needs an address");
  return /^([0-9a-fA-F.:]+\/\d+|all|samehost|samenet)$/.test(text) ? text : quoted(text);
}

function name(text: string, keywords: readonly string[]): string {
  return /^[a-z_][a-z0-9_]*$/.test(text) && !keywords.includes(text) ? text : quoted(text);
}

/** In quotes; a quote is doubled (next_token() of hba.c). A line cannot hold its own end, and `/` starts a pattern even here. */
function quoted(text: string): string {
  if (/[\x00\r\n]/.test(text)) throw new Error(`pg_hba: ${JSON.stringify(text)} cannot stand in a line`);
  const literal = text.startsWith("/") ? `/^${text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$` : text;
  return `"${literal.replace(/"/g, '""')}"`;
}
