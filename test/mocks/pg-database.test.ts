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
])("no preview replaces a database for a change that only the server can judge: %j, %j", async (olds, news) => {
  expect(await pgDatabase.diff("shop", inputs(olds), inputs(news))).toEqual({ changes: true, replaces: [] });
});

test("a new name creates another database before the former one is deleted", async () => {
  const diff = await pgDatabase.diff("shop", inputs({}), inputs({ name: "store" }));
  expect(diff).toEqual({ changes: true, replaces: ["database"] });
});
