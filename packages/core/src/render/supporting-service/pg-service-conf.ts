import { connectionPaths, type SessionAttrs } from "../../spec";
import { banner } from "../text/banner";

/** The connection of a supporting service. */
export interface ServiceConnection {
  host: string;
  port: number;
  database: string;
  username: string;
  password: string;
  targetSessionAttrs?: SessionAttrs;
}

/**
 * For all programs based on libpq: PGSERVICEFILE names the file, `service=pgharbor` the entry. A value is the unquoted rest of its line
 * without trailing blanks (https://www.postgresql.org/docs/17/libpq-pgservice.html).
 */
export function renderPgServiceConf(connection: ServiceConnection): string {
  const { host, port, database, username, password, targetSessionAttrs } = connection;
  const lines = {
    host,
    port,
    dbname: database,
    user: username,
    password,
    sslmode: "verify-full",
    sslrootcert: connectionPaths.caCertificate,
    ...(targetSessionAttrs === undefined ? {} : { target_session_attrs: targetSessionAttrs }),
  };
  const entries = Object.entries(lines).map(([key, value]) => `${key}=${value}\n`);
  return `${banner("#")}[pgharbor]\n${entries.join("")}`;
}

/** True if libpq reads the value from a line of pg_service.conf unchanged. */
export const fitsServiceFile = (value: string): boolean => !/[\r\n\0]|\s$/.test(value);
