import { ExternalPostgres, PgAccess, PgDatabase, PgUser, PostgresCluster } from "../../packages/pgharbor/src";
import { derivedPassword } from "../../packages/pgharbor/src/outputs/derived-password";
import { clearSecrets, MockEngine, shown, UNKNOWN } from "../support/mock-engine";

const ORDINARY = { superuser: false, createdb: false, createrole: false, replication: false, bypassrls: false };

const ROLE = "pulumi-nodejs:dynamic/pgharbor:PgRole";
const DATABASE = "pulumi-nodejs:dynamic/pgharbor:PgDatabase";
const ACCESS = "pulumi-nodejs:dynamic/pgharbor:PgAccess";
const PASSWORD = "random:index/randomPassword:RandomPassword";

const CA = "-----BEGIN CERTIFICATE-----";
const external = () =>
  new ExternalPostgres("rds", {
    url: "postgresql://us%40er@[::1]:6000/main",
    password: "geheim-admin",
    caCertificate: CA,
    description: "somebody's",
  });
const server = { target: "rds", host: "::1", port: 6000, username: "us@er", database: "main", caCertificate: CA };
const connection = {
  server,
  adminPassword: { secret: "geheim-admin" },
  declaration: expect.stringMatching(/^urn:.*::pgharbor:index:Pg(User|Database|Access)::/),
};

test("ExternalPostgres registers only itself, and only its connection is secret", async () => {
  const engine = await MockEngine.start();
  const rds = external();
  await engine.settle();
  expect(engine.list()).toBe("pgharbor:index:ExternalPostgres rds");
  expect(engine.registered[0].inputs).toEqual({ description: "somebody's" });
  expect(await shown(rds.adminConnection)).toMatchObject({ secret: true, value: { password: "geheim-admin" } });
  expect(await shown(rds.caCertificate)).toEqual({ value: CA, secret: false });
  expect(await shown(rds.services)).toEqual({
    secret: false,
    value: [
      {
        name: "primary",
        host: "::1",
        port: 6000,
        internalHost: "::1",
        internalPort: 6000,
        role: "primary",
        pooled: false,
      },
    ],
  });
});

test("PgUser: a random password, a role, and a secret output", async () => {
  const engine = await MockEngine.start();
  const target = external();
  const user = new PgUser("app", {
    target,
    username: "app_user",
    connlimit: 7,
    expireAt: "2030-01-31",
    roles: [{ name: "readers", admin: true }],
  });
  await engine.settle();
  expect(engine.list().split("\n")).toEqual([
    "pgharbor:index:ExternalPostgres rds",
    "pgharbor:index:PgUser app",
    `${ROLE} app`,
    `${PASSWORD} app-password`,
  ]);
  expect(engine.one(PASSWORD, "app-password")).toMatchObject({ parent: "app", inputs: { length: 32, special: false } });
  const role = engine.one(ROLE, "app");
  expect(role.inputs).toEqual({
    ...connection,
    role: {
      ...ORDINARY,
      name: "app_user",
      connlimit: 7,
      validUntil: "2030-01-31",
      memberships: [{ role: "readers", admin: true }],
    },
    password: { secret: "password of app-password" },
  });
  expect(role).toMatchObject({ parent: "app", secretOutputs: ["adminPassword", "password"], deletedWith: undefined });
  expect(await shown(user.username)).toEqual({ value: "app_user", secret: false });
  expect(await shown(user.password)).toEqual({ value: "password of app-password", secret: true });
});

test("PgUser: a given password is secret, creates no random one, and appears nowhere", async () => {
  const engine = await MockEngine.start();
  const user = new PgUser("app", { target: external(), username: "app", password: "geheim-user" });
  await engine.settle();
  expect(engine.of(PASSWORD)).toEqual([]);
  expect(engine.one(ROLE, "app").inputs.password).toEqual({ secret: "geheim-user" });
  expect((await shown(user.password)).secret).toBe(true);
  expect(clearSecrets(engine.registered, /geheim/)).toEqual([]);
});

test("PgDatabase comes after its owner, also when the owner is given as text", async () => {
  const engine = await MockEngine.start();
  const target = external();
  const owner = new PgUser("owner", { target, username: "app_owner" });
  new PgDatabase("by-output", { target, owner: owner.username });
  const database = new PgDatabase("by-text", {
    target,
    owner: "app_owner",
    databaseName: "shop",
    schemas: [{ name: "sales" }],
    extensions: [{ name: "vector" }],
    baseline: "create table t (id int)",
    dropOnDelete: true,
  });
  await engine.settle();
  expect(engine.one(DATABASE, "by-output").inputs).toEqual({
    ...connection,
    database: { name: "by_output", owner: "app_owner", onDelete: "retain" },
  });
  expect(engine.one(DATABASE, "by-text").inputs).toEqual({
    ...connection,
    database: {
      name: "shop",
      owner: "app_owner",
      schemas: [{ name: "sales" }],
      extensions: [{ name: "vector" }],
      baselineSql: "create table t (id int)",
      onDelete: "drop",
    },
  });
  for (const name of ["by-output", "by-text"]) expect(engine.one(DATABASE, name).dependsOn).toContain("owner");
  expect(await shown(database.databaseName)).toEqual({ value: "shop", secret: false });
});

test("PgAccess: one document, with separate passwords, after every user that it may name", async () => {
  const engine = await MockEngine.start();
  const target = external();
  new PgUser("single", { target, username: "single" });
  const access = new PgAccess("team", {
    target,
    users: { ada: {}, bob: { connlimit: 2 }, readers: { login: false } },
    passwords: { bob: "geheim-bob" },
    databases: { shop: { owner: "ada" } },
    grants: { read: { role: "readers", on: "database", database: "shop", privileges: ["CONNECT"] } },
  });
  await engine.settle();
  const found = engine.one(ACCESS, "team");
  const passwords = { ada: derivedPassword("password of team-seed", "ada"), bob: "geheim-bob" };
  expect(found.inputs).toMatchObject({
    ...connection,
    document: {
      users: { ada: {}, bob: { connlimit: 2 }, readers: { login: false } },
      databases: { shop: { owner: "ada", onDelete: "retain" } },
      grants: { read: { role: "readers", on: "database", database: "shop", privileges: ["CONNECT"] } },
    },
    passwords: { secret: passwords },
  });
  expect(passwords.ada).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(found).toMatchObject({ parent: "team", secretOutputs: ["adminPassword", "passwords"] });
  expect(found.dependsOn).toContain("single");
  expect(await shown(access.passwords)).toEqual({ value: passwords, secret: true });
  expect(clearSecrets(engine.registered, /geheim|password of/)).toEqual([]);
});

test("an owner may come from a PgAccess", async () => {
  const engine = await MockEngine.start();
  const cluster = new PostgresCluster("shop", { docker: {} });
  new PgAccess("team", { target: cluster, users: { ada: {} } });
  new PgDatabase("app", { target: cluster, owner: "ada" });
  await engine.settle();
  expect(engine.one(DATABASE, "app").dependsOn).toContain("team");
});

test("on a cluster, SQL connects directly to the primary, and is deleted with the first member's data", async () => {
  const engine = await MockEngine.start();
  const target = new PostgresCluster("shop", { docker: {} });
  new PgUser("app", { target, username: "app" });
  new PgDatabase("app", { target, owner: "app" });
  new PgAccess("team", { target });
  await engine.settle();
  for (const type of [ROLE, DATABASE, ACCESS]) {
    const [found] = engine.of(type);
    expect(found).toMatchObject({
      deletedWith: "shop-m1-data",
      inputs: {
        server: {
          target: "shop",
          host: "default.shop.internal",
          port: 7033,
          container: { containers: ["shop-haproxy-1"], port: 7033 },
          username: "pgharbor_admin",
          database: "postgres",
          caCertificate: "certificate of shop-ca\n",
        },
        adminPassword: { secret: "password of shop-admin-password" },
      },
    });
    // No SQL connection is opened before every member is ready.
    expect(found.dependsOn).toEqual(expect.arrayContaining(["shop-patroni", "shop-m3-files", "shop-haproxy-1-files"]));
  }
});

test("a first preview shows what will be created, without passwords", async () => {
  const engine = await MockEngine.start({ preview: true });
  const target = external();
  const user = new PgUser("app", { target, username: "app" });
  await engine.settle();
  expect(engine.one(ROLE, "app").inputs).toEqual({
    ...connection,
    role: { ...ORDINARY, name: "app" },
    password: UNKNOWN,
  });
  expect(await shown(user.username)).toEqual({ value: "app", secret: false });
});

test("a cluster without a direct service of the primary accepts no users, and the error says which service is missing", async () => {
  await MockEngine.start();
  const target = new PostgresCluster("pooled", { docker: {}, defaultServices: ["primary", "replica"] });
  expect(() => new PgUser("app", { target, username: "app" })).toThrow(
    "target: has no direct service of the primary, which pgharbor's SQL needs, got primary, replica; keep the service default",
  );
});
