import { first } from "@pgharbor/core";
import { checkServerIdentity } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { ExplainedError, UnreachableError } from "../errors";
import { explainConnection } from "./explain-connection";
import { isTransient } from "./transient";
import { LostSession, pinSession, refusePooler, type Server, startupOptions, type Undisturbed } from "./pin";
import type { SqlTarget } from "./target";

export const READY_TIMEOUT_MS = 120_000;
const CONNECT_TIMEOUT_MS = 10_000;
const LONGEST_PAUSE_MS = 2_000;

export function maintenanceDatabase(target: SqlTarget): string {
  return target.database ?? "postgres";
}

/** Facts from the connection to the maintenance database, for connections to other databases. */
export interface Known extends Server {
  undisturbed: Undisturbed;
}

/** Start of a session: pinned against the database's settings, or like any other session of the role. */
type Start = { options?: string; prepare: (client: Client) => Promise<void> };

const asAdmin = (target: SqlTarget, known: Known | undefined): Start => ({
  options: startupOptions(known),
  prepare: async (client) => {
    await refusePooler(client, `${target.host}:${target.port}`);
    await pinSession(client, target.user, known?.undisturbed);
  },
});

/** One attempt, without an explanation of errors. */
async function connectOnce(target: SqlTarget, database: string, start: Start): Promise<Client> {
  const { host, port, user, password, tls = {} } = target;
  if (tls === false && !host.startsWith("/")) {
    const fix = "give tls: { ca } with the CA that signed the server's certificate";
    throw new ExplainedError({
      path: "tls",
      problem: "false is only for a unix socket directory",
      value: `host ${host}`,
      fix,
    });
  }
  const name = (tls !== false && tls.serverName) || host;
  const client = new Client({
    host,
    port,
    user,
    password,
    database,
    application_name: "pgharbor",
    options: start.options,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ssl:
      tls === false
        ? false
        : {
            rejectUnauthorized: true,
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key }),
            // SNI and the checked name differ if a proxy or an address is in front of the server.
            checkServerIdentity: (_host: string, cert) => checkServerIdentity(name, cert),
          },
  });
  // The running query reports a lost connection; without a listener the event would end the process.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await start.prepare(client);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Retries until the server answers; permanent errors (a wrong password, a wrong CA) are explained at once. */
async function connectUntil(
  target: SqlTarget,
  database: string,
  start: Start,
  accept: (client: Client) => Promise<string | undefined>,
): Promise<Client> {
  const deadline = Date.now() + (target.readyTimeoutMs ?? READY_TIMEOUT_MS);
  for (let attempt = 0; ; attempt++) {
    let waitingFor: string;
    let failure: ExplainedError;
    try {
      const client = await connectOnce(target, database, start);
      const refused = await accept(client).catch(
        (e: unknown) => (client.end().catch(() => undefined), Promise.reject(e as Error)),
      );
      if (refused === undefined) return client;
      await client.end().catch(() => undefined);
      waitingFor = refused;
      failure = notWritable(target, refused);
    } catch (error) {
      // Another attempt needs another connection to the maintenance database, too.
      if (error instanceof LostSession) throw error;
      failure = explainConnection(target, database, error);
      if (!isTransient(error)) throw failure;
      waitingFor = failure.value;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** Math.min(attempt, 10)) * (0.75 + Math.random() / 2);
    if (Date.now() + pause > deadline) throw new UnreachableError(failure.problems);
    if (attempt % 5 === 1) target.onProgress?.(`waiting for ${target.host}:${target.port}: ${waitingFor}`);
    await sleep(pause);
  }
}

function notWritable(target: SqlTarget, value: string): ExplainedError {
  const fix = "give an address that leads to the primary, or wait until one is elected";
  return new ExplainedError({
    path: `${target.host}:${target.port}`,
    problem: "the server cannot be written to",
    value,
    fix,
  });
}

/** Connects to the primary, in the maintenance database. */
export function connectWritable(target: SqlTarget): Promise<Client> {
  return connectUntil(target, maintenanceDatabase(target), asAdmin(target, undefined), async (client) => {
    const { rows } = await client.query<{ standby: boolean }>("select pg_is_in_recovery() as standby");
    return first(rows).standby ? "it is a standby" : undefined;
  });
}

/** Connects to another database of the same server. */
export function connectDatabase(target: SqlTarget, database: string, known: Known): Promise<Client> {
  return connectUntil(target, database, asAdmin(target, known), () => Promise.resolve(undefined));
}

/** Connects as a role without the admin's rights, with the database's settings. */
export function connectPlainly(target: SqlTarget, database: string, server: Server): Promise<Client> {
  const start = { options: startupOptions(server, true), prepare: () => Promise.resolve() };
  return connectUntil(target, database, start, () => Promise.resolve(undefined));
}
