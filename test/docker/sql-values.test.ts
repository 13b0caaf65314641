import fc from "fast-check";
import type { Client, QueryResult } from "pg";
import {
  applyAccess,
  applyDatabase,
  applyRole,
  dropDatabase,
  dropRole,
  ident,
  literal,
  makeVerifier,
  parseVerifier,
  readAccess,
  verifyPassword,
} from "../../packages/sql/src";
import { parameterName, parameterValue, sameParameter } from "../../packages/sql/src/quote";
import { type PostgresContainer, startPostgres } from "../support/postgres-container";

jest.setTimeout(600_000);

const HOSTILE = [
  `a"; drop role postgres; --`,
  `it's`,
  `back\\slash`,
  `line\nbreak\ttab`,
  `"`,
  "'",
  "$$; --",
  "ünïcødé ☃ 🐘",
  "$user",
  "SELECT",
  " lead",
  "a.b",
  "%s %I",
  "${x}",
  "é".repeat(31),
];

describe("values on the real server", () => {
  let server: PostgresContainer;
  let root: Client;
  beforeAll(async () => {
    server = await startPostgres();
    root = await server.connect();
  });
  afterAll(async () => {
    await root?.end();
    await server?.remove();
  });

  const text = fc.string({ unit: "grapheme", maxLength: 30 }).filter((s) => !s.includes("\0"));
  const name = text.filter((s) => s !== "" && Buffer.byteLength(s) <= 63);

  it("identifiers and literals are read back unchanged, with and without standard_conforming_strings", async () => {
    for (const mode of ["on", "off"]) {
      await root.query(`set standard_conforming_strings to ${mode}; set escape_string_warning to off`);
      const check = async (value: string, column: string): Promise<void> => {
        const { rows } = await root.query<Record<string, string>>(`select ${literal(value)} as ${ident(column)}`);
        expect(Object.entries(rows[0])).toEqual([[column, value]]);
      };
      for (const value of HOSTILE) await check(value, value);
      await fc.assert(fc.asyncProperty(text, name, check), { numRuns: 150 });
    }
    await root.query("reset standard_conforming_strings");
  });

  it("parameters are read back unchanged", async () => {
    await root.query("create role params");
    const stored = async (): Promise<string[]> =>
      (
        await root.query<{ c: string[] }>(
          "select setconfig as c from pg_db_role_setting where setrole = 'params'::regrole",
        )
      ).rows[0].c;
    const check = async (parameter: string, value: string | string[]): Promise<void> => {
      await root.query(`alter role params set ${parameterName(parameter)} to ${parameterValue(parameter, value)}`);
      const line = (await stored()).find((s) => s.startsWith(`${parameter}=`))!;
      expect(sameParameter(parameter, line.slice(parameter.length + 1), value)).toBe(true);
    };
    for (const value of ["app, public", '"$user", public', "My App, x", HOSTILE.filter((s) => s.length < 60)])
      await check("search_path", value);
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 4 }), (items) => check("search_path", items)),
      { numRuns: 80 },
    );
    await fc.assert(
      fc.asyncProperty(
        text.filter((s) => s !== ""),
        (value) => check("app.setting", value),
      ),
      { numRuns: 80 },
    );
    await root.query("drop role params");
  });

  it("all kinds of objects may have hostile names, and no other object is affected", async () => {
    for (const hostile of HOSTILE) {
      const reader = `r${hostile}`.slice(0, 40);
      const doc = {
        users: {
          [hostile]: { password: hostile, comment: hostile, parameters: { "app.x": hostile, search_path: [hostile] } },
          [reader]: { memberships: [{ role: hostile }] },
        },
        databases: {
          [hostile]: {
            owner: hostile,
            comment: hostile,
            schemas: [{ name: hostile }],
            baselineSql: `create table ${ident(hostile)}.${ident(hostile)} (${ident(hostile)} int)`,
          },
        },
        grants: {
          t: {
            role: reader,
            on: "table" as const,
            database: hostile,
            schema: hostile,
            name: hostile,
            columns: [hostile],
            privileges: ["SELECT"],
          },
          a: { role: reader, on: "allTables" as const, database: hostile, schema: hostile, privileges: ["INSERT"] },
        },
        defaultPrivileges: {
          d: {
            database: hostile,
            owner: hostile,
            schema: hostile,
            on: "tables" as const,
            role: reader,
            privileges: ["SELECT"],
          },
        },
      };
      await applyAccess(server.target, undefined, doc);
      expect((await applyAccess(server.target, doc, doc)).executed).toEqual([]);
      expect((await readAccess(server.target, doc)).document).toEqual(doc);
      const client = await server.connect({ user: hostile, password: hostile, database: hostile });
      expect((await client.query("select current_user::text as u, current_schemas(false)::text[] as s")).rows).toEqual([
        { u: hostile, s: [hostile] },
      ]);
      await client.end();
      const last = { ...doc, databases: { [hostile]: { ...doc.databases[hostile], onDelete: "drop" as const } } };
      await applyAccess(server.target, last, {});
    }
    const { rows } = await root.query(
      "select rolname as r from pg_roles where rolname !~ '^pg_' union all select datname from pg_database where not datistemplate",
    );
    expect(rows).toEqual([{ r: "postgres" }, { r: "postgres" }]);
  });

  it("verifiers equal those that PostgreSQL computes", async () => {
    const passwords = [
      "pencil",
      "p'w\\\"",
      "a\u00a0b",
      "I\u00adX",
      "\u2168",
      "\u00aa",
      "pässwörd",
      "\u0627\u0031",
      "\u00ad",
      "bell\u0007é",
      "\u1680x",
      "🐘",
      "ﬁ",
      "x\u200by",
      "\u{1d400}",
      "\ufa6b",
      "\u{1e030}",
      "é",
      "e\u0301",
      " ",
      "\u2135 ",
      "\u0340",
      "\u05d0\u2122\u05d0",
    ];
    const check = async (password: string): Promise<void> => {
      await root.query(`alter role scram password ${literal(password)}`);
      const { rows } = await root.query<{ v: string }>(
        "select rolpassword as v from pg_authid where rolname = 'scram'",
      );
      const { salt, iterations } = parseVerifier(rows[0].v)!;
      expect([password, await makeVerifier(password, salt, iterations)]).toEqual([password, rows[0].v]);
      expect(await verifyPassword(password, rows[0].v)).toBe(true);
      expect(await verifyPassword(`${password}x`, rows[0].v)).toBe(false);
    };
    await root.query("create role scram login");
    for (const password of passwords) await check(password);
    await fc.assert(
      fc.asyncProperty(
        text.filter((s) => s !== ""),
        check,
      ),
      { numRuns: 150 },
    );
    await root.query("drop role scram");
  });

  it("verifiers equal PostgreSQL's for every character that normalisation changes, between letters of both directions", async () => {
    const characters = Array.from({ length: 0x110000 }, (_, code) => code)
      .filter((code) => code > 0x7f && (code < 0xac00 || code > 0xdfff))
      .map((code) => String.fromCodePoint(code))
      .filter((one) => one.normalize("NFKC") !== one);
    expect(characters.length).toBeGreaterThan(4000);
    const passwords = characters.flatMap((one) => [one, `${one}a`, `\u05d0${one}`, `\u05d0${one}\u05d0`]);
    await root.query("create role scram login; set scram_iterations = 1");
    const wrong: string[] = [];
    for (const password of passwords) {
      const results = (await root.query(
        `alter role scram password ${literal(password)}; select rolpassword as v from pg_authid where rolname = 'scram'`,
      )) as unknown as [unknown, QueryResult<{ v: string }>];
      if (!(await verifyPassword(password, results[1].rows[0].v))) wrong.push(escape(password));
    }
    await root.query("reset scram_iterations; drop role scram");
    expect(wrong).toEqual([]);
  });

  it("a user can log in with a verifier that we computed, and PostgreSQL stores it unchanged", async () => {
    for (const password of ["plain", "pässwörd", "a\u00a0b", "with 'quotes' \\ and $"]) {
      const passwordVerifier = await makeVerifier(password);
      await applyRole(server.target, { next: { name: "v", passwordVerifier } });
      const { rows } = await root.query("select rolpassword as v from pg_authid where rolname = 'v'");
      expect(rows).toEqual([{ v: passwordVerifier }]);
      await (await server.connect({ user: "v", password })).end();
      await expect(server.connect({ user: "v", password: `${password}!` })).rejects.toThrow(
        "password authentication failed",
      );
      await dropRole(server.target, "v");
    }
  });

  it("a password hashed by the server, and an MD5 password, are recognised", async () => {
    const role = { name: "old", password: "same" };
    await root.query("create role old login password 'same'");
    expect((await applyRole(server.target, { next: role, adopt: true })).executed).toEqual([]);
    await root.query("set password_encryption to md5; alter role old password 'same'; reset password_encryption");
    expect((await applyRole(server.target, { previous: role, next: role })).executed).toEqual([
      `ALTER ROLE "old" PASSWORD '***'`,
    ]);
    await dropRole(server.target, "old");
  });

  it("databases can be created and changed in every encoding and with every locale provider", async () => {
    const variants = {
      latin: { encoding: "LATIN1", locale: "C" },
      icu: { localeProvider: "icu", icuLocale: "de-DE", encoding: "UTF8" },
      builtin: { localeProvider: "builtin", locale: "C.UTF-8", encoding: "utf-8" },
      limited: { connlimit: 3, allowConnections: false, tablespace: "pg_default", comment: "closed" },
    };
    for (const [name, fields] of Object.entries(variants)) {
      const next = { name, ...fields };
      await applyDatabase(server.target, { next });
      expect([name, (await applyDatabase(server.target, { previous: next, next })).executed]).toEqual([name, []]);
      await dropDatabase(server.target, name, { onDelete: "drop" });
    }
  });

  it("a baseline runs once, as the owner, completely or not at all", async () => {
    await applyRole(server.target, { next: { name: "o" } });
    const broken = { name: "base", owner: "o", baselineSql: "create table a (); create table a ()" };
    await expect(applyDatabase(server.target, { next: broken })).rejects.toThrow(
      /baseline SQL of database base .* relation "a" already exists/,
    );
    const next = { ...broken, baselineSql: "create table public.a as select current_user::text as maker" };
    await applyDatabase(server.target, { next });
    await applyDatabase(server.target, { previous: next, next: { ...next, baselineSql: "create table b ()" } });
    const inside = await server.connect({ user: "postgres", password: server.target.password, database: "base" });
    expect((await inside.query("select maker, tableowner from a, pg_tables where schemaname = 'public'")).rows).toEqual(
      [{ maker: "o", tableowner: "o" }],
    );
    await inside.end();
    await dropDatabase(server.target, "base", { onDelete: "drop" });
    await dropRole(server.target, "o");
  });
});
