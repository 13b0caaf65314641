/** Everything that a connection string is made of. */
export interface ConnectionParts {
  host: string;
  port: number;
  database: string;
  username: string;
  password: string;
  /** Path of the CA's certificate where the client runs. */
  sslRootCert?: string;
  /** `read-write`, `read-only`, … as libpq has it. */
  targetSessionAttrs?: string;
}

const enc = encodeURIComponent;
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** As libpq reads it. The server's certificate is always verified, name included. */
export function postgresUri(c: ConnectionParts): string {
  return `postgresql://${enc(c.username)}:${enc(c.password)}@${bracketed(c.host)}:${c.port}/${enc(c.database)}?${query(c)}`;
}

/** As the PostgreSQL JDBC driver reads it. */
export function jdbcUri(c: ConnectionParts): string {
  return `jdbc:postgresql://${bracketed(c.host)}:${c.port}/${enc(c.database)}?${query(c, {
    user: c.username,
    password: c.password,
  })}`;
}

/** A command for a shell that asks for the password: one on a command line could be read by others. */
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

/** Slashes stay readable: they need no escape in a query. */
const encPath = (path: string): string => path.split("/").map(enc).join("/");

/** One rule for names of environment variables: upper case, everything else becomes `_`. */
export const envName = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");

/** What a workload gets into its environment, by whoever starts it. */
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
