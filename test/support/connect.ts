import { Client, type ClientConfig } from "pg";

/** A client of a `postgresql://` string, with the server's certificate verified against `ca`. */
export function clientOf(uri: string, ca: string | undefined, more: ClientConfig = {}): Client {
  const url = new URL(uri);
  return new Client({
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: ca === undefined ? false : { ca },
    connectionTimeoutMillis: 15_000,
    ...more,
  });
}

export async function withClient<T>(
  uri: string,
  ca: string | undefined,
  work: (client: Client) => Promise<T>,
  more: ClientConfig = {},
): Promise<T> {
  const client = clientOf(uri, ca, more);
  client.on("error", () => undefined); // a cut connection shows in the current query
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Addresses of hosts that this machine's DNS does not know. Certificates are still verified by host name. */
export type Addresses = Readonly<Record<string, string>>;

export function reachedAt(uri: string, ca: string, addresses: Addresses = {}): ClientConfig {
  const host = new URL(uri).hostname;
  const address = addresses[host];
  return address === undefined ? {} : { host: address, ssl: { ca, servername: host } };
}

/** Returns the message of a rejected promise. */
export const failureOf = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "it succeeded",
    (error: Error) => error.message,
  );
