import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "@pgharbor/core";
import {
  ExternalPostgres,
  PgAccess,
  PgDatabase,
  PgService,
  PgUser,
  PostgresCluster,
  ServiceBinding,
  type PgDatabaseArgs,
  type PgUserArgs,
  type PostgresClusterArgs,
} from "../../packages/pgharbor/src";
import { badClusters, badDatabases, badUsers } from "../support/bad-programs";
import { MockEngine } from "../support/mock-engine";

let engine: MockEngine;
let cluster: PostgresCluster;
let other: PostgresCluster;
let onKubernetes: PostgresCluster;
let external: ExternalPostgres;
let registered: number;

beforeAll(async () => {
  engine = await MockEngine.start();
  cluster = new PostgresCluster("good", { docker: {} });
  other = new PostgresCluster("other", { docker: {} });
  onKubernetes = new PostgresCluster("k8s", {
    kubernetes: { serviceType: "NodePort" },
    services: [{ name: "primary", port: 5433, kubernetes: { nodePort: 30001 } }],
  });
  external = new ExternalPostgres("rds", {
    url: "postgresql://admin@db.example.com/postgres",
    password: "geheim-1234",
    caCertificate: "-----BEGIN CERTIFICATE-----",
  });
  registered = (await engine.settle()).registered.length;
});
// Nothing that was refused above has registered a resource.
afterEach(async () => {
  const made = (await engine.settle()).registered.slice(registered).map((r) => `${r.type} ${r.name}`);
  registered += made.length;
  expect(made).toEqual([]);
});

/** Returns the problems of a constructor that must throw. The error's message must contain all of them. */
function refused(construct: () => unknown): Problem[] {
  let thrown: unknown;
  try {
    construct();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(pulumi.InputPropertiesError);
  expect(pulumi.RunError.isInstance(thrown)).toBe(true);
  const error = thrown as pulumi.InputPropertiesError;
  const problems = (error.errors ?? []).map(({ propertyPath, reason }) => ({ path: propertyPath, message: reason }));
  for (const { path, message } of problems) expect(error.message).toContain(`${path}: ${message}`);
  return problems;
}

/** A component has more fields than its specification's rules know. */
const withoutFields = (problems: Problem[]): Problem[] =>
  problems.map(({ path, message }) => ({
    path,
    message: message.replace(/[Ff]ields here are .*/, "fields here are …"),
  }));

test.each(badClusters)("PostgresCluster: $name", ({ cluster: name, spec, problems }) => {
  const args = spec as PostgresClusterArgs;
  const hasRestore = args?.restore !== undefined;
  const given = hasRestore ? { ...args, restorePassphrase: "of its backups" } : args;
  expect(withoutFields(refused(() => new PostgresCluster(name ?? "shop", given)))).toEqual(withoutFields(problems));
});

const objects = <T extends { spec: unknown }>(rows: T[]) =>
  rows.filter(({ spec }) => typeof spec === "object" && spec !== null && !Array.isArray(spec));

/** For `PgUser`, a password is an ordinary argument. */
const users = objects(badUsers).filter(({ spec }) => !("password" in (spec as object)));
test.each(users)("PgUser: $name", ({ spec, password, problems }) => {
  const args = { ...(spec as object), password, target: cluster } as unknown as PgUserArgs;
  expect(withoutFields(refused(() => new PgUser("user", args)))).toEqual(withoutFields(problems));
});

/** Rows that cannot be expressed as arguments: a missing name, and the list of users. */
const throughArgs = objects(badDatabases).filter(
  ({ spec, declaredUsers }) => declaredUsers === undefined && (spec as { name?: unknown }).name !== undefined,
);
test.each(throughArgs)("PgDatabase: $name", ({ spec, problems }) => {
  const { name, ...settings } = spec as { name: string };
  const args = { ...settings, databaseName: name, target: external } as PgDatabaseArgs;
  const named = problems.map((p) => (p.path === "name" ? { ...p, path: "databaseName" } : p));
  expect(withoutFields(refused(() => new PgDatabase("database", args)))).toEqual(withoutFields(named));
});

describe("references between components", () => {
  let user: PgUser;
  let stranger: PgUser;
  let database: PgDatabase;
  beforeAll(async () => {
    user = new PgUser("app", { target: cluster, username: "app" });
    stranger = new PgUser("stranger", { target: other, username: "stranger" });
    database = new PgDatabase("app", { target: cluster, owner: user.username });
    registered = (await engine.settle()).registered.length;
  });

  test("the owner of a database must be declared", () => {
    expect(refused(() => new PgDatabase("shop", { target: cluster, owner: "nobody" }))).toEqual([
      { path: "owner", message: expect.stringContaining('must be a declared user, got "nobody"') },
    ]);
  });

  test("on the same target, even if the target is an output", () => {
    expect(refused(() => new PgDatabase("shop", { target: cluster, owner: stranger.username }))).toEqual([
      {
        path: "owner",
        message:
          'must be declared on the same target as the database, got user "stranger" of another; declare one on this target',
      },
    ]);
  });

  test("a user or a database may be declared only once on a target", () => {
    expect(refused(() => new PgUser("again", { target: cluster, username: "app" }))).toEqual([
      {
        path: "username",
        message: 'is already declared on this target, got "app"; declare a user once and share the object',
      },
    ]);
    expect(refused(() => new PgDatabase("again", { target: cluster, databaseName: "app" }))).toEqual([
      {
        path: "databaseName",
        message: 'is already declared on this target, got "app"; declare a database once and share the object',
      },
    ]);
    expect(
      refused(() => new PgAccess("again", { target: cluster, users: { app: {} }, databases: { app: {} } })).map(
        (p) => p.path,
      ),
    ).toEqual(["users.app", "databases.app"]);
  });

  test("pooled applies only to users of a cluster", () => {
    const message = "has no effect on an ExternalPostgres, which has no pooler of pgharbor's, got false; leave it out";
    expect(refused(() => new PgUser("x", { target: external, username: "x", pooled: false }))).toEqual([
      { path: "pooled", message },
    ]);
    expect(refused(() => new PgAccess("x", { target: external, users: { x: { pooled: false } } }))).toEqual([
      { path: "users.x.pooled", message },
    ]);
  });

  test("expireIn applies only to PgUser", () => {
    const users = { x: { expireIn: 30 } as object };
    expect(refused(() => new PgAccess("x", { target: cluster, users }))).toEqual([
      {
        path: "users.x.expireIn",
        message: "applies only to a PgUser, whose creation date is known; use expireAt",
      },
    ]);
  });

  test("a binding's user must be on the database's target", () => {
    expect(refused(() => new ServiceBinding("b", { user: stranger, database }))).toEqual([
      {
        path: "user",
        message:
          'must be on the same target as the database, got user "stranger" of "other" and a database of "good"; declare the user on "good"',
      },
    ]);
  });

  test("a binding's service must exist", () => {
    expect(refused(() => new ServiceBinding("b", { user, database, service: "audit" }))).toEqual([
      {
        path: "service",
        message:
          'is not a service of the target, got "audit"; use one of primary, replica, default, offline, or declare a PgService before the binding',
      },
    ]);
  });

  test("a password has one source, and a Secret is allowed only on Kubernetes", () => {
    const passwordSecret = { name: "App", key: "a b", namespace: "Web" };
    const of = (target: PostgresCluster | ExternalPostgres, more: object) =>
      refused(() => new PgUser("x", { target, username: "x", passwordSecret, ...more }));
    expect(of(onKubernetes, { password: "geheim-1234" }).map((p) => p.path)).toEqual([
      "passwordSecret.name",
      "passwordSecret.key",
      "passwordSecret.namespace",
      "passwordSecret",
    ]);
    for (const elsewhere of [cluster, external])
      expect(of(elsewhere, { passwordSecret: { name: "app" } })).toEqual([
        { path: "passwordSecret", message: "applies only to a PostgresCluster on Kubernetes; give password" },
      ]);
  });

  test("a binding's Secret must have a name, labels and annotations that Kubernetes accepts", () => {
    const secret = {
      namespace: "Web",
      labels: { "pgharbor.role": "x" },
      annotations: { "a b": "" },
      key: "x",
    } as object;
    expect(refused(() => new ServiceBinding("Web_API", { user, database, secret })).map((p) => p.path)).toEqual([
      "secret.key",
      "secret.name",
      "secret.namespace",
      'secret.labels["pgharbor.role"]',
      'secret.annotations["a b"]',
    ]);
    expect(refused(() => new ServiceBinding("Web_API", { user, database, secret: {} }))).toEqual([
      {
        path: "secret.name",
        message:
          'must be lower-case letters, digits, hyphens and dots, a letter or digit first and last, at most 253, got "Web_API", the binding\'s own name; give one that is, such as "web-api"',
      },
    ]);
  });

  test("a binding needs a user and a database", () => {
    expect(refused(() => new ServiceBinding("b", {} as never)).map((p) => p.path)).toEqual(["user", "database"]);
  });
});

describe("other components", () => {
  test("PgService: a port in use, and every invalid field", () => {
    const args = { cluster, port: 5433, checkPath: "no-path", haproxy: { maxconn: 0 } };
    expect(
      refused(() => new PgService("audit", args))
        .map((p) => p.path)
        .sort(),
    ).toEqual(["checkPath", "haproxy.maxconn", "port"]);
  });

  test("PgService: neither on an external server, nor without a cluster", () => {
    const message = "must be a PostgresCluster of this program; an external server has no gateways";
    for (const nowhere of [external, undefined as never])
      expect(refused(() => new PgService("a", { cluster: nowhere, port: 5435 }))).toEqual([
        { path: "cluster", message },
      ]);
  });

  test("an invalid target", () => {
    const target = "shop" as never;
    const message = "must be a PostgresCluster or an ExternalPostgres; give the object itself";
    for (const construct of [
      () => new PgUser("a", { target, username: "app" }),
      () => new PgDatabase("a", { target }),
      () => new PgAccess("a", { target }),
    ])
      expect(refused(construct)).toEqual([{ path: "target", message }]);
  });

  test("PgAccess: every problem of every user and database, by its key", () => {
    const problems = refused(
      () =>
        new PgAccess("team", {
          target: cluster,
          users: { pg_x: {}, app2: { connlimit: -2 } },
          databases: { "no-name": {}, shop: { owner: "nobody" } },
          passwords: { app2: "kurz", ghost: "long-enough" },
        }),
    );
    expect(problems.map((p) => p.path)).toEqual([
      "users.pg_x.username",
      "users.app2.connlimit",
      "users.app2.password",
      "databases.no-name.name",
      "databases.shop.owner",
      "passwords.ghost",
    ]);
    expect(JSON.stringify(problems)).not.toMatch(/kurz|long-enough/);
  });

  test("ExternalPostgres: no message contains its password", () => {
    const problems = refused(() => new ExternalPostgres("x", { url: "mysql://a:geheim@h/x", caCertificate: "none" }));
    expect(problems.map((p) => p.path)).toEqual(["url", "caCertificate"]);
    expect(JSON.stringify(problems)).not.toContain("geheim");
    const url = "postgresql://admin@db.example.com";
    const caCertificate = "-----BEGIN CERTIFICATE-----";
    expect(refused(() => new ExternalPostgres("x", { url, caCertificate }))).toEqual([
      { path: "password", message: "is missing; give the admin's password" },
    ]);
  });

  test("PgService on Kubernetes: fields of Docker, conflicts with the cluster's services, and invalid Service settings", () => {
    const kubernetes = { type: "NodePort" as const, nodePort: 30001, sourceRanges: ["10.0.0.0"] };
    const args = { cluster: onKubernetes, port: 443, bindAddress: "*", destination: "postgres", kubernetes };
    expect(
      refused(() => new PgService("gateway", args))
        .map((p) => p.path)
        .sort(),
    ).toEqual([
      "bindAddress",
      "kubernetes.nodePort",
      "kubernetes.sourceRanges",
      "kubernetes.sourceRanges[0]",
      "name",
      "port",
    ]);
    expect(refused(() => new PgService("audit", { cluster, port: 5440, kubernetes: {} })).map((p) => p.path)).toEqual([
      "kubernetes",
    ]);
  });

  test("a deletionProtection that is not a boolean", () => {
    const args = { docker: {}, deletionProtection: "no" } as never;
    expect(refused(() => new PostgresCluster("shop", args))).toEqual([
      { path: "deletionProtection", message: 'must be true or false, got "no"' },
    ]);
  });
});
