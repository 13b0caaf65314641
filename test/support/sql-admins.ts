import type { Client } from "pg";
import type { SqlTarget } from "../../packages/sql/src";
import { type PostgresContainer, type PostgresOptions, startPostgres } from "./postgres-container";

/**
 * How an admin of a test server connects: its superuser, or a role `x` with the password `x pw`. The one named `hosted` keeps its
 * record in a database of that name, because two admins trust no common one.
 */
export function adminTarget({ target }: PostgresContainer, admin: string): SqlTarget {
  if (admin === "superuser") return target;
  const own = { ...target, user: admin, password: `${admin} pw` };
  return admin === "hosted" ? { ...own, database: "hosted" } : own;
}

/** A server with both kinds of admin, and a client of its superuser's. `attributes`: what `hosted` has besides its login. */
export async function startWithAdmins(
  options: PostgresOptions,
  attributes = "createrole createdb",
): Promise<{ server: PostgresContainer; root: Client }> {
  const server = await startPostgres(options);
  const root = await server.connect();
  await root.query(`create role hosted login ${attributes} password 'hosted pw'`);
  await root.query("create database hosted owner hosted");
  return { server, root };
}

/** Runs queries one after the other in a session of `user`, whose password is `<user> pw`, or of the superuser's. @returns the last one's rows */
export async function askAs<T extends object>(
  server: PostgresContainer,
  { user, database }: { user?: string; database: string },
  ...queries: string[]
): Promise<T[]> {
  const who = user === undefined ? server.target : { user, password: `${user} pw` };
  const client = await server.connect({ user: who.user, password: who.password, database });
  try {
    let rows: T[] = [];
    for (const sql of queries) {
      // Several statements in one text have several results.
      const result = (await client.query<T>(sql)) as unknown as { rows: T[] } | { rows: T[] }[];
      rows = Array.isArray(result) ? result[result.length - 1].rows : result.rows;
    }
    return rows;
  } finally {
    await client.end();
  }
}
