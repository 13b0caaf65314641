/** The parts of a connection string. */
export interface ConnectionParts {
  host: string;
  port: number;
  database: string;
  username: string;
  password: string;
  /** Path of the CA's certificate on the client's machine. */
  sslRootCert?: string;
  /** libpq's `target_session_attrs`, such as `read-write`. */
  targetSessionAttrs?: string;
}

const enc = encodeURIComponent;
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** For libpq. The server's certificate and its name are always verified. */
export function postgresUri(c: ConnectionParts): string {
  return `postgresql://${enc(c.username)}:${enc(c.password)}@${bracketed(c.host)}:${c.port}/${enc(c.database)}?${query(c)}`;
}

/** For the PostgreSQL JDBC driver. */
export function jdbcUri(c: ConnectionParts): string {
  return `jdbc:postgresql://${bracketed(c.host)}:${c.port}/${enc(c.database)}?${query(c, {
    user: c.username,
    password: c.password,
  })}`;
}

/** A shell command. It asks for the password, because other users can read command lines. */
export function psqlCommand(c: ConnectionParts): string {
  const uri = `postgresql://${enc(c.username)}@${bracketed(c.host)}:${c.port}/${enc(c.database)}?${query(c)}`;
  return `psql '${uri.replaceAll("'", "%27")}'`;
}

function query(c: ConnectionParts, more: Record<string, string> = {}): string {
  const all: Record<string, string | undefined> = {
    ...more,
    sslmode: "verify-full",
    sslrootcert: c.sslRootCert,
    target_session_attrs: c.targetSessionAttrs,
  };
  return Object.entries(all)
    .flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${key === "sslrootcert" ? encPath(value) : enc(value)}`],
    )
    .join("&");
}

/** Slashes need no escape in a query, so paths stay readable. */
const encPath = (path: string): string => path.split("/").map(enc).join("/");

/** A name of an environment variable: upper case, with `_` for every other character. */
export const envName = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");

/** Environment variables for a workload. */
export function bindingEnv(c: ConnectionParts, serviceName: string, bindingName: string): Record<string, string> {
  const uri = postgresUri(c);
  const jdbc = jdbcUri(c);
  const prefixes = ["POSTGRES", envName(serviceName), envName(bindingName)];
  return {
    ...Object.fromEntries(prefixes.map((prefix) => [`${prefix}_URI`, uri])),
    ...Object.fromEntries(prefixes.map((prefix) => [`JDBC_${prefix}_URI`, jdbc])),
    DB_USER: c.username,
    DB_PASS: c.password,
    DB_NODES: `${bracketed(c.host)}:${c.port}`,
  };
}
