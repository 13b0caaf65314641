import type { SqlTarget } from "@pgharbor/sql";

/** How a resource of SQL reaches its server. In the state, the password beside it is encrypted. */
export interface SqlServer {
  target: string;
  host: string;
  port: number;
  username: string;
  database: string;
  caCertificate: string;
  /** The name in the server's certificate where it is not the host. */
  serverName?: string;
}

export const sqlTarget = (server: SqlServer, password: string): SqlTarget => ({
  host: server.host,
  port: server.port,
  user: server.username,
  password,
  database: server.database,
  tls: { ca: server.caCertificate, serverName: server.serverName },
  onProgress: (line) => console.log(`${server.target}: ${line}`),
});
