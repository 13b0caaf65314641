/** dbhub.toml: one source, and what each of DBHub's tools may do with it (https://dbhub.ai/config/toml). */
export function dbhubToml(connection, settings) {
  const { allow_writes: allowWrites = "false", max_rows: maxRows } = settings;
  return [
    "[[sources]]",
    `id = "database"`,
    `type = "postgres"`,
    `host = ${text(connection.host)}`,
    `port = ${connection.port}`,
    `database = ${text(connection.database)}`,
    `user = ${text(connection.username)}`,
    `password = ${text(connection.password)}`,
    `sslmode = "verify-full"`,
    `sslrootcert = ${text(connection.sslRootCert)}`,
    // A primary that moves, or a database that is not there yet, must not end the server.
    "lazy = true",
    "",
    "[[tools]]",
    `name = "execute_sql"`,
    `source = "database"`,
    `readonly = ${allowWrites !== "true"}`,
    ...(maxRows === undefined ? [] : [`max_rows = ${Number(maxRows)}`]),
    "",
    "[[tools]]",
    `name = "search_objects"`,
    `source = "database"`,
    "",
  ].join("\n");
}

/** A basic string of TOML is one of JSON, but for DEL. */
const text = (value) => JSON.stringify(value).replaceAll("\u007f", "\\u007f");
