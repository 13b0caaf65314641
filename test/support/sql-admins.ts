import type { Client } from "pg";
import type { SqlTarget } from "../../packages/sql/src";
import { type PostgresContainer, type PostgresOptions, startPostgres } from "./postgres-container";

/**
 * How an admin of a test server connects: its superuser, or a role `x` with the password `x pw`. The admin `hosted`
 * keeps its ownership record in a database of that name, because two admins trust no common record.
 */
export function adminTarget({ target }: PostgresContainer, admin: string): SqlTarget {
  if (admin === "superuser") return target;
  const own = { ...target, user: admin, password: `${admin} pw` };
  return admin === "hosted" ? { ...own, database: "hosted" } : own;
}

/** A server with both kinds of admin, and a client of its superuser. */
export interface ServerWithAdmins {
  readonly server: PostgresContainer;
  readonly root: Client;
}

/**
 * Starts a server before the tests of a `describe`, and removes it after them. `attributes`: the additional attributes
 * of `hosted`.
 */
export function serverWithAdmins(options: PostgresOptions, attributes = "createrole createdb"): ServerWithAdmins {
  let server: PostgresContainer | undefined;
  let root: Client | undefined;
  beforeAll(async () => {
    server = await startPostgres(options);
    root = await server.connect();
    await root.query(`create role hosted login ${attributes} password 'hosted pw'`);
    await root.query("create database hosted owner hosted");
  });
  afterAll(async () => {
    await root?.end();
    await server?.remove();
  });
  return {
    get server() {
      return started(server);
    },
    get root() {
      return started(root);
    },
  };
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("there is no server: see the first error");
  return part;
}

/**
 * Runs queries in order in a session of `user`, whose password is `<user> pw`, or of the superuser. @returns the last
 * query's rows
 */
export async function askAs<T extends object>(
  server: PostgresContainer,
  { user, database }: { user?: string; database: string },
  ...queries: string[]
): Promise<T[]> {
  const login = user === undefined ? server.target : { user, password: `${user} pw` };
  const client = await server.connect({ user: login.user, password: login.password, database });
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
