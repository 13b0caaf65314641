import * as pulumi from "@pulumi/pulumi";
import {
  ExternalPostgres,
  PgAccess,
  PgDatabase,
  PgService,
  PgUser,
  PostgresCluster,
  ServiceBinding,
  SupportingService,
} from "../../packages/pgharbor/src";
import { MockEngine } from "../support/mock-engine";

let engine: MockEngine;
let cluster: PostgresCluster;
let external: ExternalPostgres;
let user: PgUser;
let database: PgDatabase;
let registered: number;

const url = "postgresql://admin@db.example.com/postgres";
const caCertificate = "-----BEGIN CERTIFICATE-----";

beforeAll(async () => {
  engine = await MockEngine.start();
  cluster = new PostgresCluster("good", { docker: {}, postgresVersion: "15" });
  external = new ExternalPostgres("rds", { url, password: "geheim-1234", caCertificate });
  user = new PgUser("app", { target: cluster, username: "app" });
  database = new PgDatabase("app", { target: cluster, owner: user.username });
  registered = (await engine.settle()).registered.length;
});
afterEach(async () => {
  expect((await engine.settle()).registered.slice(registered).map(({ name }) => name)).toEqual([]);
});

/** Returns each problem as `path: message`, without the list of valid fields at its end. */
function refused(construct: () => unknown): string[] {
  try {
    construct();
  } catch (error) {
    if (!(error instanceof pulumi.InputPropertiesError)) throw error;
    return (error.errors ?? []).map(({ propertyPath, reason }) =>
      `${propertyPath}: ${reason}`.replace(/; fields here.*|\? Fields here.*/, ""),
    );
  }
  return [];
}

/** A program that no compiler checks. */
const any = (args: object): never => args as never;

describe("an argument that a component does not have is refused, with the nearest valid name", () => {
  test.each<[string, () => unknown, string[]]>([
    [
      "PostgresCluster",
      () => new PostgresCluster("x", any({ docker: { label: {} }, deletionProtecton: false, member: 3, zzz: 1 })),
      [
        "deletionProtecton: is not a field; did you mean deletionProtection",
        "member: is not a field; did you mean members",
        "zzz: is not a field",
        "docker.label: is not a field; did you mean labels",
      ],
    ],
    [
      "PgDatabase",
      () =>
        new PgDatabase("x", any({ target: cluster, name: "shop", ownr: "app", schemas: [{ nme: "x", name: "x" }] })),
      [
        "name: is not a field; did you mean databaseName",
        "ownr: is not a field; did you mean owner",
        "schemas[0].nme: is not a field; did you mean name",
      ],
    ],
    [
      "PgUser",
      () => new PgUser("x", any({ target: cluster, user: "x", passwrd: "geheim-1234" })),
      [
        "user: is not a field; did you mean username",
        "passwrd: is not a field; did you mean password",
        "username: is missing; it has no default",
      ],
    ],
    [
      "PgService",
      () => new PgService("x", any({ cluster, port: 5441, name: "audit", checkUrl: "/" })),
      ["name: is not a field; did you mean serviceName", "checkUrl: is not a field"],
    ],
    [
      "ExternalPostgres",
      () => new ExternalPostgres("x", any({ url, password: "geheim-1234", caCertificate, caCert: "x", sslmode: "x" })),
      ["caCert: is not a field; did you mean caCertificate", "sslmode: is not a field"],
    ],
    [
      "ServiceBinding",
      () => new ServiceBinding("x", any({ user, database, services: "primary", secrets: {} })),
      ["services: is not a field; did you mean service", "secrets: is not a field; did you mean secret"],
    ],
    [
      "SupportingService",
      () =>
        new SupportingService(
          "x",
          any({
            target: cluster,
            database: database.databaseName,
            user: "1000:1000",
            connectAs: user,
            image: "a/b:1",
            hosts: ["local"],
            ports: 80,
          }),
        ),
      ["ports: is not a field; did you mean port"],
    ],
    [
      "PgAccess",
      () =>
        new PgAccess(
          "x",
          any({
            target: cluster,
            user: {},
            users: { ada: { username: "other" }, bob: null },
            databases: { shop: { name: "other" } },
            grants: { g: { to: "ada", role: "ada", on: "table", database: "app", name: "t", privileges: ["SELECT"] } },
            defaultPrivileges: { d: { database: "app", owner: "ada", role: "ada", on: "tables", privilege: "SELECT" } },
          }),
        ),
      [
        "user: is not a field; did you mean users",
        "users.ada.username: is not a field",
        "users.bob: must be an object; write {} if there is nothing to set",
        "databases.shop.name: is not a field",
        "grants.g.to: is not a field",
        "defaultPrivileges.d.privileges: is missing; it has no default",
        "defaultPrivileges.d.privilege: is not a field; did you mean privileges",
      ],
    ],
  ])("%s", (_component, construct, problems) => {
    expect(refused(construct)).toEqual(problems);
  });

  test("a component without arguments names the required ones", () => {
    expect(refused(() => new PgUser("x", undefined as never))).toContain("username: is missing; it has no default");
  });
});

describe("grants that no server accepts", () => {
  const grants = (target: PostgresCluster | ExternalPostgres, grant: object) =>
    refused(() => new PgAccess("x", { target, grants: { g: any(grant) } }));
  const on = (kind: string, more: object) => ({ role: "app", on: kind, database: "app", ...more });
  const SELECT = { privileges: ["SELECT"] };

  test.each<[string, object, string[]]>([
    [
      "a misspelt privilege",
      on("table", { name: "t", privileges: ["SELCT"] }),
      [
        'grants.g.privileges: unknown privilege for table, got "SELCT"; use SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER or ALL',
      ],
    ],
    [
      "a privilege of another kind",
      on("schema", { privileges: ["SELECT"] }),
      ['grants.g.privileges: unknown privilege for schema, got "SELECT"; use USAGE, CREATE or ALL'],
    ],
    [
      "a kind that there is not",
      on("view", { name: "v", ...SELECT }),
      [
        'grants.g.on: must be one of database, tablespace, parameter, schema, table, allTables, sequence, allSequences, function, allFunctions, type, language, foreignServer, foreignDataWrapper, got "view"',
      ],
    ],
    [
      "nothing named",
      { role: "app", on: "table", privileges: [] },
      [
        "grants.g.database: must be given for table, got nothing; name the database",
        "grants.g.name: must be given for table, got nothing; name the object",
        "grants.g.privileges: must not be empty, got []; name a privilege, or ALL",
      ],
    ],
    [
      "columns of what has none",
      on("allTables", { columns: ["a"], ...SELECT }),
      ['grants.g.columns: allTables has no columns, got ["a"]; leave it out, or use on: table'],
    ],
    [
      "a privilege that columns do not have",
      on("table", { name: "t", columns: ["a"], privileges: ["DELETE"] }),
      ['grants.g.privileges: unknown privilege for table, got "DELETE"; use SELECT, INSERT, UPDATE, REFERENCES or ALL'],
    ],
    [
      "what has no effect",
      on("allTables", { name: "t", ...SELECT }),
      ['grants.g.name: has no effect on allTables, which is known without it, got "t"; leave it out'],
    ],
    [
      "a database of what is in none",
      on("parameter", { name: "log_statement", schema: "x", privileges: ["SET"] }),
      [
        'grants.g.database: a parameter is in no database, got "app"; leave it out',
        'grants.g.schema: a parameter is in no schema, got "x"; leave it out',
      ],
    ],
    [
      "a function without its types",
      on("function", { name: "now", privileges: ["EXECUTE"] }),
      [
        'grants.g.name: must be a function with its argument types, got "now"; write it as "total(integer, date)", or "now()" without arguments',
      ],
    ],
    [
      "names that no object has",
      on("table", { role: "", schema: "x".repeat(64), name: "a\ud800", columns: ["b\0"], ...SELECT }),
      [
        'grants.g.role: must not be empty, got ""; give a name',
        `grants.g.schema: must be at most 63 bytes, got "${"x".repeat(64)}"; choose a shorter name`,
        'grants.g.name: must be well-formed Unicode, got "a\\ud800"; remove the unpaired surrogate',
        'grants.g.columns[0]: must not contain a NUL character, got "b\\u0000"; remove it',
      ],
    ],
    [
      "what is no list",
      on("table", { name: "t", privileges: "SELECT" }),
      ['grants.g.privileges: must be a list, got "SELECT"'],
    ],
  ])("%s", (_name, grant, problems) => expect(grants(cluster, grant)).toEqual(problems));

  test("MAINTAIN exists since PostgreSQL 17: refused on a cluster of 15, and accepted for a server of unknown version", () => {
    const maintain = on("allTables", { privileges: ["MAINTAIN"] });
    expect(grants(cluster, maintain)).toEqual([
      'grants.g.privileges: unknown privilege for allTables, got "MAINTAIN"; use SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER or ALL',
    ]);
    // There is no other problem.
    expect(grants(external, { ...maintain, to: "x" })).toEqual(["grants.g.to: is not a field"]);
    expect(grants(external, on("allTables", { privileges: ["SELCT"] }))).toHaveLength(1);
  });

  test("default privileges that no server accepts", () => {
    const one = (more: object) =>
      refused(
        () =>
          new PgAccess("x", {
            target: cluster,
            defaultPrivileges: { d: any({ database: "app", owner: "app", role: "app", ...more }) },
          }),
      );
    expect(one({ on: "functions", privileges: ["USAGE"] })).toEqual([
      'defaultPrivileges.d.privileges: unknown privilege for functions, got "USAGE"; use EXECUTE or ALL',
    ]);
    expect(one({ on: "tables", privileges: [] })).toEqual([
      "defaultPrivileges.d.privileges: must not be empty, got []; name a privilege, or ALL",
    ]);
    expect(one({ on: "schemas", schema: "x", privileges: ["USAGE"] })).toEqual([
      'defaultPrivileges.d.schema: schemas are not in a schema, got "x"; leave it out',
    ]);
    expect(one({ on: "views", privileges: ["SELECT"] })[0]).toContain("defaultPrivileges.d.on: must be one of tables");
    expect(one({ on: "tables", owner: "", privileges: ["SELECT"] })).toEqual([
      'defaultPrivileges.d.owner: must not be empty, got ""; give a name',
    ]);
  });
});

describe("ExternalPostgres: an invalid URL is one problem", () => {
  test.each([
    ["postgresql://admin:100%@h/x", "url: has a % that starts no UTF-8 escape; write a plain % as %25"],
    ["postgresql://admin:geheim-\ud800@h/x", "url: contains a lone surrogate, which a URL cannot; remove it"],
  ])("%j", (bad, problem) => {
    expect(refused(() => new ExternalPostgres("x", { url: bad, password: "geheim-1234", caCertificate }))).toEqual([
      problem,
    ]);
  });
});

describe("what a cluster's admin cannot do", () => {
  const user = (target: PostgresCluster | ExternalPostgres, settings: object) =>
    refused(() => new PgUser("x", any({ target, username: "x", ...settings })));
  const superuser =
    "superuser: cannot be given: the cluster's admin is not a superuser, and a superuser could do anything to the cluster, got true; leave it out, and give roles that have the rights";
  const whole =
    "applies to the whole server or needs a superuser, and the cluster's admin is not one; set it for all users in the cluster's parameters, or leave it out";

  test("in a user, on PostgreSQL 15", () => {
    const settings = {
      superuser: true,
      bypassrls: true,
      roles: [
        { name: "pg_execute_server_program" },
        { name: "pg_maintain" },
        { name: "pg_read_all_data", set: false },
        { name: "pg_monitor" },
      ],
      parameters: {
        session_preload_libraries: "x",
        work_mem: "8MB",
        log_statement: "all",
        "my.own": "1",
        work_men: "1",
      },
      parametersIn: { app: { max_connections: "9" } },
    };
    const known =
      "use one of pg_checkpoint, pg_monitor, pg_read_all_data, pg_read_all_settings, pg_read_all_stats, pg_signal_backend, pg_stat_scan_tables, pg_write_all_data, or leave it out";
    expect(user(cluster, settings)).toEqual([
      superuser,
      'bypassrls: needs a superuser before PostgreSQL 16, and the cluster\'s admin is not one, got true; leave it out, or use postgresVersion "17"',
      `roles[0].name: is equivalent to superuser and cannot be granted, got "pg_execute_server_program"; ${known}`,
      `roles[1].name: is not a role of PostgreSQL 15, got "pg_maintain"; ${known}`,
      "roles[2].set: can be set for a membership from PostgreSQL 16 on, got false on 15; leave it out",
      `parameters.session_preload_libraries: ${whole}`,
      `parameters["my.own"]: is a parameter of an extension or a custom one, which only a superuser may set for a user or database, and the cluster's admin is not one; set it in sessions, or for all users in the cluster's parameters`,
      "parameters.work_men: is not a parameter of PostgreSQL 15; did you mean work_mem?",
      `parametersIn.app.max_connections: ${whole}`,
    ]);
    // Nothing is known about an external server.
    expect(user(external, { ...settings, zzz: 1 })).toEqual(["zzz: is not a field"]);
  });

  test("in a database, and in PgAccess", () => {
    const parameters = { max_connections: "9" };
    expect(refused(() => new PgDatabase("x", { target: cluster, parameters }))).toEqual([
      `parameters.max_connections: ${whole}`,
    ]);
    const grants = { tuning: any({ role: "x", on: "parameter", name: "fsync", privileges: ["SET"] }) };
    expect(
      refused(
        () =>
          new PgAccess("x", {
            target: cluster,
            users: { x: { superuser: true } },
            databases: { y: { parameters } },
            grants,
          }),
      ),
    ).toEqual([
      `users.x.${superuser}`,
      `databases.y.parameters.max_connections: ${whole}`,
      "grants.tuning.name: cannot be granted by the cluster's admin, which is not a superuser, got \"fsync\"; set it for all users in the cluster's parameters, or leave it out",
    ]);
  });
});
