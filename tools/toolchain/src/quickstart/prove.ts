import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** The server behind one connection. */
export interface Witness {
  server: string;
  role: string;
  timeline: number;
}

/** The address of a connection string's server for this machine. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** The name that the server's certificate must contain. */
  readonly servername?: string;
  close(): void;
}

interface Connection {
  client: Client;
  leave(): Promise<void>;
}

/** The limit for a service to answer, and for a row to arrive at a replica. */
const PATIENCE_SECONDS = 60;

const direct = (url: URL): Endpoint => ({ host: url.hostname, port: Number(url.port), close: () => undefined });

/** Writes a row through one connection string and reads it through another. */
export async function prove(
  primaryUri: string,
  replicaUri: string,
  ca: string,
  endpointOf: (url: URL) => Endpoint | Promise<Endpoint> = direct,
) {
  const token = `quickstart ${new Date().toISOString()}`;
  const primary = await withClient(primaryUri, ca, endpointOf, async (client) => {
    await client.query("create table if not exists pgharbor_quickstart (at timestamptz default now(), said text)");
    await client.query("insert into pgharbor_quickstart (said) values ($1)", [token]);
    return witness(client);
  });
  const replica = await withClient(replicaUri, ca, endpointOf, async (client) => {
    await untilSeen(client, token);
    return witness(client);
  });
  return { token, primary, replica };
}

async function untilSeen(client: Client, token: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const seen = await client
      .query("select 1 from pgharbor_quickstart where said = $1", [token])
      .catch((error: unknown) => {
        // Even the table may not have been replicated yet.
        if ((error as { code?: string }).code === "42P01") return { rowCount: 0 };
        throw error;
      });
    if (seen.rowCount === 1) return;
    if (Date.now() > deadline)
      throw new Error(`the row did not reach the replica service within ${PATIENCE_SECONDS} s`);
    await sleep(100);
  }
}

async function witness(client: Client): Promise<Witness> {
  const { rows } = await client.query<{ server: string; standby: boolean; timeline: number }>(
    `select coalesce(host(inet_server_addr()), 'local') as server, pg_is_in_recovery() as standby,
            (select timeline_id from pg_control_checkpoint()) as timeline`,
  );
  const row = rows[0]!;
  return { server: row.server, role: row.standby ? "replica" : "primary", timeline: row.timeline };
}

async function withClient<T>(
  uri: string,
  ca: string,
  endpointOf: (url: URL) => Endpoint | Promise<Endpoint>,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const { client, leave } = await connection(uri, ca, endpointOf);
  try {
    return await work(client);
  } finally {
    await leave();
  }
}

/** Retries until a server answers: right after a change, a gateway may not know a service's servers yet. */
async function connection(
  uri: string,
  ca: string,
  endpointOf: (url: URL) => Endpoint | Promise<Endpoint>,
): Promise<Connection> {
  for (const deadline = Date.now() + PATIENCE_SECONDS * 1000; ; await sleep(500)) {
    const { client, leave } = await clientOf(new URL(uri), ca, endpointOf);
    try {
      await client.connect();
      // A pooler accepts a client before it has a server for it.
      await client.query("select 1");
      return { client, leave };
    } catch (error) {
      await leave();
      if (Date.now() > deadline) throw error;
    }
  }
}

async function clientOf(
  url: URL,
  ca: string,
  endpointOf: (url: URL) => Endpoint | Promise<Endpoint>,
): Promise<Connection> {
  const { host, port, servername, close } = await endpointOf(url);
  const client = new Client({
    host,
    port,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: { ca, servername },
    connectionTimeoutMillis: PATIENCE_SECONDS * 1000,
  });
  client.on("error", () => undefined); // a cut connection shows in the current query
  const leave = async (): Promise<void> => {
    await client.end().catch(() => undefined);
    close();
  };
  return { client, leave };
}
