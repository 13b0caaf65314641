import { startPostgres, type PostgresContainer } from "../support/postgres-container";
import { pulumiProject, type PulumiProject } from "../support/pulumi-project";
import type { PulumiFailure } from "../support/run-pulumi";

jest.setTimeout(600_000);

let server: PostgresContainer;
let project: PulumiProject;

const program = (text: string): string => `
  import { Config } from "@pulumi/pulumi";
  import { ExternalPostgres, PgAccess, PgDatabase, PgUser } from "pgharbor";
  const config = new Config("test");
  const target = new ExternalPostgres("server", {
    url: "postgresql://postgres@127.0.0.1:" + config.require("port") + "/postgres",
    password: config.requireSecret("password"),
    caCertificate: config.require("ca"),
  });
  ${text}
`;

const sql = async <T extends object>(text: string): Promise<T[]> => {
  const client = await server.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
};
const roles = (...names: string[]) =>
  sql<{ rolname: string; oid: number }>(
    `select rolname::text, oid::int from pg_roles where rolname in (${names.map((n) => `'${n}'`).join(", ")}) order by 1`,
  );

const up = async (text: string): Promise<void> => {
  await project.write(program(text));
  await project.up();
  await project.expectNoChanges();
};
const failure = async (text: string): Promise<string> => {
  await project.write(program(text));
  const failed = (await project.up().then(
    () => undefined,
    (e: unknown) => e,
  )) as PulumiFailure | undefined;
  if (failed === undefined) throw new Error("it came through");
  return failed.stdout + failed.stderr;
};

beforeAll(async () => {
  server = await startPostgres();
  project = await pulumiProject({ program: program(""), name: "ownership" });
  await project.setConfig("test:port", String(server.target.port));
  await project.setConfig("test:password", { secret: server.target.password });
  await project.setConfig("test:ca", (server.target.tls as { ca: string }).ca);
});
afterAll(async () => {
  await project?.remove();
  await server?.remove();
});

test("a program that failed half-way is corrected by the next up", async () => {
  const misspelt = await failure(
    `new PgDatabase("geo", { target, databaseName: "geo", extensions: [{ name: "earthdistence" }], dropOnDelete: true });`,
  );
  expect(misspelt).toContain("earthdistence");
  const broken = await failure(`
    new PgDatabase("geo", { target, databaseName: "geo", extensions: [{ name: "earthdistance" }], dropOnDelete: true });
    new PgAccess("team", {
      target,
      users: { ada: {}, grace: {} },
      passwords: { ada: "not-in-the-state-1" },
      databases: { lib: { owner: "ada", baseline: "create table books ()", dropOnDelete: true } },
      grants: { ada: { role: "ada", on: "table", database: "lib", name: "boks", privileges: ["SELECT"] } },
    });
  `);
  expect(broken).toContain("there is no such table in database lib, got public.boks");
  expect(await roles("ada", "grace")).toHaveLength(2);
  expect(await project.export()).not.toContain("not-in-the-state-1");
  await up(`
    new PgDatabase("geo", { target, databaseName: "geo", extensions: [{ name: "earthdistance" }], dropOnDelete: true });
    new PgAccess("team", {
      target,
      users: { ada: {} },
      databases: { lib: { owner: "ada", baseline: "create table books ()", dropOnDelete: true } },
      grants: { ada: { role: "ada", on: "table", database: "lib", name: "books", privileges: ["SELECT"] } },
    });
  `);
  expect((await roles("ada", "grace")).map((r) => r.rolname)).toEqual(["ada"]);
  // A resource that was never corrected is deleted, too, because the state contains it.
  await failure(
    `new PgDatabase("tmp", { target, databaseName: "tmp", extensions: [{ name: "nope" }], dropOnDelete: true });`,
  );
  expect(await sql("select from pg_database where datname in ('geo', 'lib', 'tmp')")).toHaveLength(3);
  await up("");
  expect(await sql("select from pg_database where datname in ('geo', 'lib', 'tmp')")).toEqual([]);
});

test("another Pulumi name for a user is refused with words, an alias is an update, and adopt takes nothing away", async () => {
  await up(`new PgUser("first", { target, username: "mover", dropOnDelete: true });`);
  const [before] = await roles("mover");
  const aliasError = await failure(`new PgUser("second", { target, username: "mover" });`);
  expect(aliasError).toMatch(
    /a role of that name is managed by urn:pulumi:test::ownership::pgharbor:index:PgUser::first/,
  );
  expect(aliasError).toContain("alias");
  expect(await roles("mover")).toEqual([before]);

  await up(`new PgUser("first", { target, username: "mover", dropOnDelete: true });`);
  await up(`new PgUser("second", { target, username: "mover" }, { aliases: [{ name: "first" }] });`);
  expect(await roles("mover")).toEqual([before]);

  const passwordError = await failure(`new PgUser("third", { target, username: "mover", adopt: true });`);
  expect(passwordError).toContain("password: is missing: the password of an adopted login is unknown");
  await up(`
    new PgAccess("team", { target, users: { mover: { adopt: true } } });
  `);
  expect(await roles("mover")).toEqual([before]);
  // pgharbor created it, so it is dropped with the declaration that owns it now.
  await up("");
  expect(await roles("mover")).toEqual([]);
});

test("a login of somebody's is adopted with the password that it has, and stays when the program has it no more", async () => {
  await sql("create role legacy login password 'legacy-password' connection limit 9");
  const verifier = () => sql("select rolpassword, rolconnlimit from pg_authid where rolname = 'legacy'");
  const before = await verifier();
  await up(`new PgAccess("old", { target, users: { legacy: { adopt: true, comment: "now known" } } });`);
  expect(await verifier()).toEqual(before);
  expect(Object.keys((await project.refresh()).summary)).toEqual(["unchanged"]);
  await up("");
  expect(await verifier()).toEqual(before);
  await sql("drop role legacy");
});
