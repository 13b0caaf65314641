import { hasLoneSurrogate, type Problem } from "@pgharbor/core";

/** The parts of a PostgreSQL URL. */
export interface PostgresAddress {
  host: string;
  port: number;
  username: string;
  /** "" if the URL has none. */
  password: string;
  database: string;
}

const SCHEMES = ["postgres:", "postgresql:"];
const FORM = "postgresql://admin@host:5432/postgres";
/** The longest identifier of PostgreSQL, in bytes. */
const LONGEST_NAME = 63;

/** Reads a URL or returns its problems. They show only names of parameters, because the URL may contain a password. */
export function readPostgresUrl(url: string): PostgresAddress | Problem[] {
  const problem = (message: string): Problem[] => [{ path: "url", message }];
  // The parser would replace lone surrogates silently.
  if (hasLoneSurrogate(url)) return problem("contains a lone surrogate, which a URL cannot; remove it");
  const [, authority = ""] = /^[^/]*\/\/([^/?#]*)/.exec(url) ?? [];
  if (authority.slice(authority.lastIndexOf("@") + 1).includes(","))
    return problem(`has several hosts, separated by a comma; give only the primary: ${FORM}`);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !SCHEMES.includes(parsed.protocol) || parsed.hostname === "")
    return problem(`is not a PostgreSQL URL; write it as ${FORM}`);
  const parts = [parsed.hostname, parsed.username, parsed.password, parsed.pathname.slice(1)].map(decoded);
  const [host, username, password, database] = parts;
  if (host === undefined || username === undefined || password === undefined || database === undefined)
    return problem("has a % that starts no UTF-8 escape; write a plain % as %25");
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
    ...(username === "" ? wrong(`has no user; write it as ${FORM}`) : []),
    ...(cannotBe(username) ? wrong(`has an invalid user name: at most ${LONGEST_NAME} bytes, no NUL`) : []),
    ...(cannotBe(database) ? wrong(`has an invalid database name: at most ${LONGEST_NAME} bytes, no NUL`) : []),
  ];
}

/** Refuses parts of the URL that libpq would use and pgharbor would ignore. */
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
    ...(hash === ""
      ? []
      : [{ path: "url", message: "has a #, which ends the URL; write # in a name or a password as %23" }]),
  ];
}
