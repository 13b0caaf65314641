import { callTool, initialize, type Endpoint } from "../mcp-client";

/**
 * For both platforms: an MCP server for the database `app` as `app_reader`, with a table `harbour`. It can only read.
 */
export async function mcpReadsAsTheUser(endpoint: Endpoint): Promise<void> {
  expect(await initialize(endpoint)).toMatchObject({ serverInfo: { name: "DBHub MCP Server" } });
  const found = await callTool(endpoint, "search_objects", { object_type: "table", schema: "public" });
  expect(found.text).toContain("harbour");
  const sql =
    "select current_user::text as who, current_database()::text as db, (select ssl from pg_stat_ssl where pid = pg_backend_pid()) as tls";
  const rows = await callTool(endpoint, "execute_sql", { sql });
  expect(JSON.parse(rows.text)).toMatchObject({
    success: true,
    data: { statements: [{ rows: [{ who: "app_reader", db: "app", tls: true }] }] },
  });
  const refused = await callTool(endpoint, "execute_sql", { sql: "insert into harbour values ('x')" });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining("READONLY_VIOLATION") as string });
}

/**
 * For both platforms: a container with psql, the configuration `a=1, b=2` and a secret file, as the user `app_reader`
 * of the primary.
 */
export async function libpqConnects(run: (...command: string[]) => Promise<string>): Promise<void> {
  const sql = "select current_user, pg_is_in_recovery()";
  expect((await run("psql", "service=pgharbor", "-Atc", sql)).trim()).toBe("app_reader|f");
  expect(await run("cat", "/etc/app/app.conf")).toMatch(/\na=1\nb=2\n$/);
  expect(await run("cat", "/run/app/key")).toBe("s3cret-of-the-app");
  // The string alone is enough: it also verifies the server.
  expect(await run("sh", "-c", 'psql "$(cat $PGHARBOR_CONNECTION/uri)" -Atc "select 1"')).toBe("1\n");
}

/** The four files of a connection, with the mode and owner that `stat` prints. */
export const connectionFiles = (suffix: string): string[] =>
  ["ca.crt", "connection.json", "pg_service.conf", "uri"].map((file) => `/run/pgharbor/connection/${file} ${suffix}`);
