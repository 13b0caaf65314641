import type { DatabaseEntry } from "../desired/access";
import {
  cluster,
  database,
  hosted,
  inside,
  owned,
  problemsOf,
  role,
  sqlOf,
} from "../../../../test/support/sql-catalog";

const shop = (entry: DatabaseEntry) => ({ databases: { shop: entry } });
const roles = [role("o"), role("p")];

describe("a missing database", () => {
  it.each<[string, DatabaseEntry, string[]]>([
    ["takes CONNECT from PUBLIC", {}, [`CREATE DATABASE "shop"`, `REVOKE CONNECT ON DATABASE "shop" FROM PUBLIC`]],
    ["or does not", { revokeConnect: false }, [`CREATE DATABASE "shop"`]],
    [
      "copies template0 into another encoding and locale",
      { owner: "o", encoding: "LATIN1", locale: "C", revokeConnect: false },
      [
        `CREATE DATABASE "shop" TEMPLATE "template0" ENCODING 'LATIN1' LOCALE 'C'`,
        `ALTER DATABASE "shop" OWNER TO "o"`,
      ],
    ],
    [
      "gets every option",
      {
        template: "t",
        encoding: "UTF8",
        localeProvider: "icu",
        lcCollate: "C",
        lcCtype: "C",
        icuLocale: "de",
        tablespace: "fast",
        connlimit: 9,
        revokeConnect: false,
      },
      [
        `CREATE DATABASE "shop" TEMPLATE "t" ENCODING 'UTF8' LOCALE_PROVIDER "icu" LC_COLLATE 'C' LC_CTYPE 'C' ICU_LOCALE 'de' TABLESPACE "fast" CONNECTION LIMIT 9`,
      ],
    ],
    [
      "is closed to connections last",
      { allowConnections: false, revokeConnect: false, parameters: { work_mem: "8MB" }, schemas: [{ name: "app" }] },
      [
        `CREATE DATABASE "shop"`,
        `ALTER DATABASE "shop" SET "work_mem" TO '8MB'`,
        `shop: CREATE SCHEMA "app" AUTHORIZATION "admin"`,
        `ALTER DATABASE "shop" WITH ALLOW_CONNECTIONS false`,
      ],
    ],
    [
      "gets schemas and extensions, with what those require",
      {
        owner: "o",
        revokeConnect: false,
        comment: "the shop",
        schemas: [{ name: "app" }, { name: "p", owner: "p" }],
        extensions: [{ name: "vector", schema: "app", version: "0.8" }, { name: "citext" }],
      },
      [
        `CREATE DATABASE "shop"`,
        `ALTER DATABASE "shop" OWNER TO "o"`,
        `COMMENT ON DATABASE "shop" IS 'the shop'`,
        `shop: CREATE SCHEMA "app" AUTHORIZATION "o"`,
        `shop: CREATE SCHEMA "p" AUTHORIZATION "p"`,
        `shop: CREATE EXTENSION "vector" SCHEMA "app" VERSION '0.8' CASCADE`,
        "shop: SET LOCAL search_path TO public",
        `shop: CREATE EXTENSION "citext" CASCADE`,
        "shop: SET LOCAL search_path TO ''",
      ],
    ],
  ])("%s", (_what, entry, expected) =>
    expect(sqlOf({ next: shop(entry), cluster: cluster({ roles }) })).toEqual(expected),
  );

  it("is created by a hosted admin that has the owner's rights for one transaction only", () => {
    expect(sqlOf({ next: shop({ owner: "o" }), cluster: cluster({ server: hosted, roles }) })).toEqual([
      `CREATE DATABASE "shop"`,
      `GRANT "o" TO "admin" WITH INHERIT TRUE, SET TRUE`,
      `ALTER DATABASE "shop" OWNER TO "o"`,
      `SET LOCAL ROLE "o"`,
      `GRANT CONNECT ON DATABASE "shop" TO "admin"`,
      `REVOKE CONNECT ON DATABASE "shop" FROM PUBLIC`,
      "SET LOCAL ROLE NONE",
      `REVOKE "o" FROM "admin"`,
    ]);
  });
});

describe("an existing database", () => {
  const found = database("shop", { connlimit: 9, comment: "old", parameters: { work_mem: "8MB" } });
  it.each<[string, DatabaseEntry | undefined, DatabaseEntry, string[]]>([
    [
      "as declared: nothing",
      undefined,
      { encoding: "utf-8", locale: "C.utf8", connlimit: 9, comment: "old", parameters: { work_mem: "8MB" } },
      [],
    ],
    [
      "owner, limit, parameter, comment",
      {},
      { owner: "o", connlimit: 3, parameters: { work_mem: "1MB" }, comment: "new" },
      [
        `ALTER DATABASE "shop" OWNER TO "o"`,
        `ALTER DATABASE "shop" WITH CONNECTION LIMIT 3`,
        `ALTER DATABASE "shop" SET "work_mem" TO '1MB'`,
        `COMMENT ON DATABASE "shop" IS 'new'`,
      ],
    ],
    [
      "what is no longer declared goes back",
      { connlimit: 9, comment: "old", parameters: { work_mem: "8MB" } },
      {},
      [
        `ALTER DATABASE "shop" WITH CONNECTION LIMIT -1`,
        `ALTER DATABASE "shop" RESET "work_mem"`,
        `COMMENT ON DATABASE "shop" IS NULL`,
      ],
    ],
    ["PUBLIC gets CONNECT back", {}, { revokeConnect: false }, [`GRANT CONNECT ON DATABASE "shop" TO PUBLIC`]],
    ["its files move alone", {}, { tablespace: "fast" }, [`ALTER DATABASE "shop" SET TABLESPACE "fast"`]],
    ["a baseline never runs twice", { baselineSql: "a" }, { baselineSql: "b" }, []],
    ["a schema that left the declaration stays", { schemas: [{ name: "app" }] }, {}, []],
    ["left and to be retained: it stays", { onDelete: "retain" }, {}, []],
  ])("%s", (_what, previous, next, expected) => {
    expect(
      sqlOf({ previous: shop(previous ?? {}), next: shop(next), cluster: cluster({ roles, databases: [found] }) }),
    ).toEqual(expected);
  });

  it("that a killed run announced belongs to the declaration without adopt", () => {
    const announced = owned({ databases: ["shop"] }, { announced: true, current: false });
    const input = { next: shop({ owner: "o" }), ownership: announced };
    expect(sqlOf({ ...input, cluster: cluster({ roles, databases: [database("shop")] }) })).toEqual([
      `ALTER DATABASE "shop" OWNER TO "o"`,
    ]);
    const forgotten = owned({ databases: ["shop"] }, { announced: false, current: false });
    expect(problemsOf(input.next, { databases: [database("shop")], roles }, { ownership: forgotten })[0]).toContain(
      "exists already",
    );
  });

  it("of another declaration is not changed, and the message mentions aliases", () => {
    const theirs = owned({ databases: ["shop"], roles: ["o"] }, { declaration: "urn:theirs" });
    const parts = { databases: [database("shop")], roles };
    const next = { databases: { shop: { connlimit: 3 } }, users: { o: { connlimit: 3 } } };
    expect(problemsOf(next, parts, { previous: next, ownership: theirs })).toEqual([
      expect.stringMatching(
        /^users.o: a role of that name is managed by urn:theirs, got "o"; .*opts.aliases.*adopt: true/,
      ),
      expect.stringMatching(/^databases.shop: a database of that name is managed by urn:theirs, got "shop"; /),
    ]);
  });

  it("gets the declared schemas and extensions", () => {
    const schemas = new Map([
      ["app", { owner: "admin" }],
      ["public", { owner: "pg_database_owner" }],
    ]);
    const extensions = new Map([["vector", { schema: "public", version: "0.7" }]]);
    const next = shop({
      schemas: [{ name: "app", owner: "o" }, { name: "public" }],
      extensions: [{ name: "vector", schema: "app", version: "0.8" }],
    });
    const input = {
      previous: shop({}),
      next,
      cluster: cluster({ roles, databases: [found] }),
      databases: { shop: inside([], new Map(), { schemas, extensions }) },
    };
    expect(sqlOf(input)).toEqual([
      `shop: ALTER SCHEMA "app" OWNER TO "o"`,
      `shop: ALTER EXTENSION "vector" SET SCHEMA "app"`,
      `shop: ALTER EXTENSION "vector" UPDATE TO '0.8'`,
    ]);
  });
});

describe("a refusal", () => {
  it("covers an existing database, a missing owner and an admin without CREATEDB", () => {
    expect(
      problemsOf(
        { databases: { shop: {}, new: { owner: "gone" } } },
        { server: { ...hosted, createdb: false }, databases: [database("shop")] },
      ),
    ).toEqual([
      `databases.shop: a database of that name exists already and was not made by this declaration, got "shop"; choose another name, or set adopt: true to manage the one that exists`,
      `databases.new: the admin user may not create databases (CREATEDB), got admin; run ALTER ROLE "admin" CREATEDB as a superuser, or use another admin user`,
      `databases.new.owner: the owner does not exist, got "gone"; declare that user too, or create it before`,
    ]);
  });

  it("covers changes of immutable properties", () => {
    const entry = { encoding: "LATIN1", locale: "de_DE", localeProvider: "icu", icuLocale: "de" };
    const has = (field: string, value: string, actual: string) =>
      `databases.shop.${field}: cannot be changed in place: the database on the server has "${actual}", got "${value}"; declare "${actual}", or make a database of another name and move the data there`;
    expect(problemsOf(shop({ ...entry, adopt: true }), { databases: [database("shop")] })).toEqual([
      has("encoding", "LATIN1", "UTF8"),
      has("localeProvider", "icu", "libc"),
      has("icuLocale", "de", ""),
      has("locale", "de_DE", "C.UTF-8"),
    ]);
    expect(
      problemsOf(shop({ template: "t" }), { databases: [database("shop")] }, { previous: shop({ template: "u" }) }),
    ).toEqual([
      "databases.shop.template: cannot be changed in place: a template is copied only when a database is made, got t; keep u, or make a database of another name and move the data there",
    ]);
  });
});
