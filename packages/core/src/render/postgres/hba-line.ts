/** One line of pg_hba.conf, https://www.postgresql.org/docs/current/auth-pg-hba-conf.html */
export interface HbaLine {
  type: "local" | "host" | "hostssl";
  databases: readonly string[];
  users: readonly string[];
  /** Absent for `local`. */
  address?: string;
  method: "peer" | "scram-sha-256" | "cert" | "reject";
}

/** Names with a special meaning unless quoted. */
const databaseKeywords = ["all", "replication", "sameuser", "samerole", "samegroup"];

/** The text of a line. Databases and users use the format's `all`, `replication` and `+role`; everything else is a name. */
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
  // An opening quote before the plus would make it a letter of the name.
  if (text.length > 1 && text.startsWith("+")) return `+${name(text.slice(1), [])}`;
  return name(text, ["all"]);
}

/** A quoted address is no keyword, so an unexpected value never allows more. */
function address({ address: text }: HbaLine): string {
  if (text === undefined) throw new Error("pg_hba: a line that is not local needs an address");
  return /^([0-9a-fA-F.:]+\/\d+|all|samehost|samenet)$/.test(text) ? text : quoted(text);
}

function name(text: string, keywords: readonly string[]): string {
  return /^[a-z_][a-z0-9_]*$/.test(text) && !keywords.includes(text) ? text : quoted(text);
}

/** Quotes are doubled (next_token() of hba.c). A line cannot contain a line break, and `/` starts a pattern even in quotes. */
function quoted(text: string): string {
  if (/[\x00\r\n]/.test(text)) throw new Error(`pg_hba: ${JSON.stringify(text)} cannot be written in a line`);
  const literal = text.startsWith("/") ? `/^${text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$` : text;
  return `"${literal.replace(/"/g, '""')}"`;
}
