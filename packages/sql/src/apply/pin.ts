import { first } from "../required";
import type { Client } from "pg";
import { ExplainedError } from "../errors";

/**
 * ALTER DATABASE and ALTER ROLE … SET plant settings into every session of a database, the admin's too. What would stop
 * the first query is overridden by the connection itself: a setting of the client wins over one of the database
 * (https://www.postgresql.org/docs/current/config-setting.html).
 */
const WITHOUT_END: Record<string, string> = {
  default_transaction_read_only: "off",
  exit_on_error: "off",
  // A library that is not there lets no session begin.
  local_preload_libraries: "",
  idle_in_transaction_session_timeout: "0",
  idle_session_timeout: "0",
  statement_timeout: "0",
};
const AS_ONESELF: Record<string, string> = { role: "none", search_path: "pg_catalog" };

/** What the connection to the maintenance database tells of the server. */
export interface Server {
  version: number;
  superuser: boolean;
}

/**
 * The startup packet's `options`. `server`: as a connection before this one has told it. `plain`: for a session
 * that is to be as the database's owner has it, but for what would end it.
 */
export function startupOptions(server: Server | undefined, plain = false): string {
  const newer = server !== undefined && server.version >= 170000;
  const settings = {
    ...WITHOUT_END,
    ...(plain ? {} : AS_ONESELF),
    // An unknown setting would end the connection.
    ...(newer ? { transaction_timeout: "0" } : {}),
    // One for logins would run before anything of a session can be looked at; only a superuser may say so.
    ...(newer && server.superuser && !plain ? { event_triggers: "off" } : {}),
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}

/**
 * search_path is empty so that no name means an object of a stranger's; lock_timeout so that a waiting DDL does not hold
 * everybody up; quote_all_identifiers, TimeZone and the styles decide how the catalog's values are written.
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
  /** Settings that the database brought, other than those above. */
  planted: string[];
}

const IDENTITY = `
  select session_user as session, current_user as current,
    array(select s.name::text from pg_catalog.pg_settings s where s.source in ('database', 'database user')
      and (s.context = 'user' or pg_catalog.has_parameter_privilege(s.name, 'SET'))) as planted`;

/** Values of settings that a database has not planted. */
export type Undisturbed = (names: readonly string[]) => Promise<Record<string, string>>;

/**
 * Makes the session the admin's own: nothing that the owner of a database can store decides who it is, what its names mean or
 * when it ends. Without `undisturbed` the session is in the maintenance database, whose settings are the admin's own.
 */
export async function pinSession(client: Client, user: string, undisturbed?: Undisturbed): Promise<void> {
  await client.query(SESSION);
  await client.query(NEWER);
  const { session, current, planted } = first((await client.query<Identity>(IDENTITY)).rows);
  // Some hosted services take user@server and log in as user.
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
    problem: `the server made somebody else of the admin user ${JSON.stringify(user)}`,
    value: `session user ${session}, current user ${current}`,
    fix: "look for a setting of the role (ALTER ROLE … SET role or session_authorization) and reset it",
  });
}

/** Settings as a session in the maintenance database has them. */
export const settingsOf =
  (client: Client): Undisturbed =>
  async (names) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      "select name, setting from pg_catalog.pg_settings where name = any($1) and setting is not null",
      [names],
    );
    return Object.fromEntries(rows.map((r) => [r.name, r.setting]));
  };

/**
 * A pooler hands one server session to many clients: settings, locks and SET ROLE of ours would stay in theirs. Its cancel key is
 * its own, so the process that it names is not the one that answers. Nothing of the session is changed before this is known.
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
