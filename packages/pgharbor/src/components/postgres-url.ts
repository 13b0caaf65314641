import { hasLoneSurrogate, type Problem } from "@pgharbor/core";

/** Where a URL of PostgreSQL leads. */
export interface PostgresAddress {
  host: string;
  port: number;
  username: string;
  /** "" where the URL has none. */
  password: string;
  database: string;
}

const SCHEMES = ["postgres:", "postgresql:"];
const FORM = "postgresql://admin@host:5432/postgres";
/** The longest identifier of PostgreSQL, in bytes. */
const LONGEST_NAME = 63;

/** Reads a URL, or says what is wrong with it. It may hold a password: nothing of it but names of parameters is ever shown. */
export function readPostgresUrl(url: string): PostgresAddress | Problem[] {
  const problem = (message: string): Problem[] => [{ path: "url", message }];
  // The parser would replace these halves in silence.
  if (hasLoneSurrogate(url)) return problem("holds half a character (a lone surrogate), which no URL can; remove it");
  const [, authority = ""] = /^[^/]*\/\/([^/?#]*)/.exec(url) ?? [];
  if (authority.slice(authority.lastIndexOf("@") + 1).includes(","))
    return problem(`names several hosts, got a comma between them; name the one that takes writes: ${FORM}`);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !SCHEMES.includes(parsed.protocol) || parsed.hostname === "")
    return problem(`is no PostgreSQL URL; write it as ${FORM}`);
  const parts = [parsed.hostname, parsed.username, parsed.password, parsed.pathname.slice(1)].map(decoded);
  const [host, username, password, database] = parts;
  if (host === undefined || username === undefined || password === undefined || database === undefined)
    return problem("has a % that begins no escape of UTF-8; write a plain % as %25");
  const unread = [...problemsOfNames(host, username, database), ...unreadParts(parsed)];
  if (unread.length > 0) return unread;
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: Number(parsed.port || 5432),
    username,
    password,
    database: database || "postgres",
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function problemsOfNames(host: string, username: string, database: string): Problem[] {
  const wrong = (message: string): Problem[] => [{ path: "url", message }];
  const cannotBe = (name: string) => name.includes("\0") || Buffer.byteLength(name) > LONGEST_NAME;
  return [
    ...(/[\s/%\\]/.test(host) ? wrong("has no host name or address before its port; give one, not a socket") : []),
    ...(username === "" ? wrong(`names no user; write it as ${FORM}`) : []),
    ...(cannotBe(username) ? wrong(`has a user that no role can be: at most ${LONGEST_NAME} bytes, no NUL`) : []),
    ...(cannotBe(database) ? wrong(`has a database that none can be: at most ${LONGEST_NAME} bytes, no NUL`) : []),
  ];
}

/** What libpq would follow and we would not: better refused than ignored. */
function unreadParts({ searchParams, hash }: URL): Problem[] {
  const unread = [...searchParams].filter(([key, value]) => !(key === "sslmode" && value === "verify-full"));
  const names = [...new Set(unread.map(([key]) => JSON.stringify(key.slice(0, 40))))].join(", ");
  return [
    ...(unread.length === 0
      ? []
      : [
          {
            path: "url",
            message: `has parameters that are not read, got ${names}: connections always verify the server by caCertificate (verify-full); leave out what follows the ?`,
          },
        ]),
    ...(hash === "" ? [] : [{ path: "url", message: "has a # that ends it; write # in a name or a password as %23" }]),
  ];
}
