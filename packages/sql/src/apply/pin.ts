import { first } from "@pgharbor/core";
import type { Client } from "pg";
import { ExplainedError } from "../errors";

/**
 * ALTER DATABASE and ALTER ROLE … SET plant settings into every session of a database, including the admin's. Settings that could break the
 * first query are overridden by the connection, because a client's setting wins over a database's
 * (https://www.postgresql.org/docs/current/config-setting.html).
 */
const WITHOUT_END: Record<string, string> = {
  default_transaction_read_only: "off",
  exit_on_error: "off",
  // A missing library prevents every session.
  local_preload_libraries: "",
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "0",
  statement_timeout: "0",
};
const AS_ONESELF: Record<string, string> = { role: "none", search_path: "pg_catalog" };

/** Facts about the server, from the connection to the maintenance database. */
export interface Server {
  version: number;
  superuser: boolean;
}

/**
 * The startup packet's `options`. `server`: from a previous connection. `plain`: keeps the database's settings, except those that would end
 * the session.
 */
export function startupOptions(server: Server | undefined, plain = false): string {
  const newer = server !== undefined && server.version >= 170000;
  const settings = {
    ...WITHOUT_END,
    ...(plain ? {} : AS_ONESELF),
    // An unknown setting would end the connection.
    ...(newer ? { transaction_timeout: "0" } : {}),
    // A login trigger would run before the session can be checked; only a superuser may disable them.
    ...(newer && server.superuser && !plain ? { event_triggers: "off" } : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/**
 * search_path is empty so that no name finds another role's object; lock_timeout keeps waiting DDL from blocking others;
 * quote_all_identifiers, TimeZone and the styles determine the format of catalog values.
 */
const SESSION = `SET SESSION AUTHORIZATION DEFAULT; SET ROLE NONE;
  SET search_path TO ''; SET standard_conforming_strings TO on; SET client_min_messages TO warning; SET quote_all_identifiers TO off;
  SET lock_timeout TO '10s'; SET row_security TO on; SET array_nulls TO on; SET "DateStyle" TO 'ISO, MDY'; SET "TimeZone" TO 'UTC';
  SET default_transaction_isolation TO 'read committed'; SET default_transaction_deferrable TO off; SET check_function_bodies TO on;
  SET default_tablespace TO ''; SET default_table_access_method TO 'heap'`;

/** Since 17 a whole transaction has a limit; the first connection learns the version only here. */
const NEWER = `
  select pg_catalog.set_config(name, value, false) from (values ('transaction_timeout', '0'), ('createrole_self_grant', '')) as wanted(name, value)
  where exists (select from pg_catalog.pg_settings s where s.name = wanted.name)`;

interface Identity {
  session: string;
  current: string;
  /** Settings that the database set, other than those above. */
  planted: string[];
}

const IDENTITY = `
  select session_user as session, current_user as current,
    array(select s.name::text from pg_catalog.pg_settings s where s.source in ('database', 'database user')
      and (s.context = 'user' or pg_catalog.has_parameter_privilege(s.name, 'SET'))) as planted`;

/** Reads settings unaffected by a database's own. */
export type Undisturbed = (names: readonly string[]) => Promise<Record<string, string>>;

/**
 * Pins the session to the admin: nothing that a database's owner can store affects the session's role, name resolution
 * or end. Without `undisturbed` the session is in the maintenance database, whose settings belong to the admin.
 */
export async function pinSession(client: Client, user: string, undisturbed?: Undisturbed): Promise<void> {
  await client.query(SESSION);
  await client.query(NEWER);
  const { session, current, planted } = first((await client.query<Identity>(IDENTITY)).rows);
  // Some hosted services accept user@server and log in as user.
  const isUser = session === user || user.startsWith(`${session}@`);
  if (!isUser || current !== session) throw notTheAdmin(user, session, current);
  if (undisturbed === undefined || planted.length === 0) return;
  const values = await undisturbed(planted);
  for (const [name, value] of Object.entries(values))
    await client.query("select pg_catalog.set_config($1, $2, false)", [name, value]);
}

function notTheAdmin(user: string, session: string, current: string): ExplainedError {
  return new ExplainedError({
    path: "session",
    problem: `the server changed the role of the admin user ${JSON.stringify(user)}`,
    value: `session user ${session}, current user ${current}`,
    fix: "look for a setting of the role (ALTER ROLE … SET role or session_authorization) and reset it",
  });
}

/** The connection to the maintenance database has ended. Everything starts again with a new one. */
export class LostSession extends Error {
  readonly code = "08006";
}

/** Reads settings in the maintenance database. */
export const settingsOf =
  (client: Client): Undisturbed =>
  async (names) => {
    const settings = "select name, setting from pg_catalog.pg_settings where name = any($1) and setting is not null";
    const { rows } = await client
      .query<{ name: string; setting: string }>(settings, [names])
      .catch((error: Error) => Promise.reject(new LostSession(error.message)));
    return Object.fromEntries(rows.map((r) => [r.name, r.setting]));
  };

/**
 * A pooler shares one server session between clients, so other clients would get our settings, locks and SET ROLE. A
 * pooler sends its own cancel key, so the process id in the key differs from the one of the server process that
 * answers. This is checked before the session is changed.
 */
export async function refusePooler(client: Client, at: string): Promise<void> {
  const announced = (client as Client & { processID: number | null }).processID;
  const { rows } = await client.query<{ pid: number }>("select pg_catalog.pg_backend_pid() as pid");
  if (announced === null || announced === first(rows).pid) return;
  throw pooled(at, `the server process ${first(rows).pid} behind the process ${announced}`);
}

export function pooled(at: string, value: string): ExplainedError {
  return new ExplainedError({
    path: at,
    problem: "a connection pooler is between here and the server, which shares sessions with other clients",
    value,
    fix: "give the address of the server itself, or of a pooler's port that passes connections through",
  });
}
