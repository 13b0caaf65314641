import type { Client } from "pg";
import {
  type AccessDocument,
  applyAccess,
  applyRole,
  type DesiredRole,
  readAccess,
  type SqlTarget,
} from "../../packages/sql/src";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";

jest.setTimeout(600_000);

describe.each(["17", "15"])("parameters of a user in one database on PostgreSQL %s", (major) => {
  let server: PostgresContainer;
  let root: Client;
  let hosted: SqlTarget;

  beforeAll(async () => {
    server = await startPostgres({ major });
    root = await server.connect();
    const rights = { login: true, createrole: true, createdb: true };
    await applyRole(server.target, { next: { name: "hosted", password: "hosted pw", ...rights } });
    hosted = { ...server.target, user: "hosted", password: "hosted pw" };
  });
  afterAll(async () => {
    await root?.end();
    await server?.remove();
  });

  /** Returns the parameters at the start of one of the user's sessions. */
  const starts = async (database: string, ...names: string[]): Promise<string[]> => {
    const client = await server.connect({ user: "app", password: "app password", database });
    try {
      const values = await Promise.all(names.map((name) => client.query<object>(`show ${name}`)));
      return values.map(({ rows }) => Object.values(rows[0])[0] as string);
    } finally {
      await client.end();
    }
  };

  const app = (more: Partial<DesiredRole>) => ({ password: "app password", parameters: { work_mem: "5MB" }, ...more });
  const document = (more: Partial<DesiredRole>): AccessDocument => ({
    users: { app: app(more) },
    databases: { shop: { owner: "app" }, audit: { owner: "app" } },
  });
  const first = document({ parametersIn: { shop: { work_mem: "7MB", search_path: '"$user", sales' } } });

  test("are set with the database, apply only there, and are read back", async () => {
    await applyAccess(hosted, undefined, first);
    expect(await starts("shop", "work_mem", "search_path")).toEqual(["7MB", '"$user", sales']);
    expect(await starts("audit", "work_mem", "search_path")).toEqual(["5MB", '"$user", public']);
    expect((await readAccess(hosted, first)).document).toEqual(first);
    expect((await applyAccess(hosted, first, first)).executed).toEqual([]);
  });

  test("drift is shown and repaired, and others' settings stay", async () => {
    await root.query("alter role app in database shop set work_mem = '9MB'");
    await root.query("alter role app in database shop set statement_timeout = '1min'");
    await root.query("alter role app in database audit set work_mem = '6MB'");
    const { document: found } = await readAccess(hosted, first);
    expect(found.users!.app.parametersIn).toEqual({ shop: { work_mem: "9MB", search_path: '"$user", sales' } });
    expect((await applyAccess(hosted, first, first)).executed).toEqual([
      `ALTER ROLE "app" IN DATABASE "shop" SET "work_mem" TO '7MB'`,
    ]);
    expect(await starts("shop", "work_mem", "statement_timeout")).toEqual(["7MB", "1min"]);
    expect(await starts("audit", "work_mem")).toEqual(["6MB"]);
  });

  test("settings that are no longer declared are reset, including those of a whole database", async () => {
    const both = document({ parametersIn: { shop: { work_mem: "7MB" }, audit: { work_mem: "8MB" } } });
    expect((await applyAccess(hosted, first, both)).executed).toEqual([
      `ALTER ROLE "app" IN DATABASE "audit" SET "work_mem" TO '8MB'`,
      `ALTER ROLE "app" IN DATABASE "shop" RESET "search_path"`,
    ]);
    await applyAccess(hosted, both, document({}));
    expect(await starts("audit", "work_mem")).toEqual(["5MB"]);
    expect(await starts("shop", "work_mem", "statement_timeout")).toEqual(["5MB", "1min"]);
  });

  test("a missing database is reported once, and nothing is changed", async () => {
    const change = {
      next: { name: "late", password: "late password", parametersIn: { nowhere: { work_mem: "7MB" } } },
    };
    await expect(applyRole(hosted, change)).rejects.toThrow(
      'users.late.parametersIn.nowhere: the database does not exist, got "nowhere"; declare it before the user, or both in one document, or create it before',
    );
    expect((await root.query("select from pg_roles where rolname = 'late'")).rowCount).toBe(0);
  });
});
