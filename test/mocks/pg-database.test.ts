import { pgDatabase, type PgDatabaseInputs } from "../../packages/pgharbor/src/dynamic/sql/pg-database";

const server = { target: "shop", host: "h", port: 1, username: "admin", database: "postgres", caCertificate: "ca" };
const inputs = (database: Partial<PgDatabaseInputs["database"]>): PgDatabaseInputs => ({
  server,
  adminPassword: "a",
  declaration: "urn",
  database: { name: "shop", ...database },
});

test.each([
  [{ icuLocale: "en_US.UTF-8" }, { icuLocale: "en-US" }],
  [{ encoding: "UTF8" }, { encoding: "LATIN1" }],
  [{ lcCollate: "POSIX", lcCtype: "C" }, { locale: "C" }],
  [{ template: "template0" }, { template: "template1" }],
])("no preview replaces a database for what the server must judge: %j, %j", async (olds, news) => {
  expect(await pgDatabase.diff("shop", inputs(olds), inputs(news))).toEqual({ changes: true, replaces: [] });
});

test("another name is another database, which is made before the one of before goes", async () => {
  const diff = await pgDatabase.diff("shop", inputs({}), inputs({ name: "store" }));
  expect(diff).toEqual({ changes: true, replaces: ["database"] });
});
