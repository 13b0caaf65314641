import { privilegeKey } from "../../packages/sql/src/catalog/query";
import {
  type CatalogDatabase,
  type CatalogObject,
  type CatalogRole,
  type ClusterCatalog,
  type DatabaseCatalog,
  emptyDatabaseCatalog,
  type PrivilegeMap,
  type ServerInfo,
} from "../../packages/sql/src/catalog/types";
import type { AccessDocument } from "../../packages/sql/src/desired/access";
import { planAccess, type PlanInput } from "../../packages/sql/src/diff/access";
import { type OwnedObject, ownedKey, type Ownership } from "../../packages/sql/src/ownership/ownership";

/** Builds a catalog for the table tests: a superuser on an empty PostgreSQL 17, plus what the test adds. */
export const superuser: ServerInfo = {
  version: 170000,
  admin: "admin",
  superuser: true,
  createrole: true,
  createdb: true,
};
export const hosted: ServerInfo = { ...superuser, superuser: false };

export function role(name: string, more: Partial<CatalogRole> = {}): CatalogRole {
  return {
    name,
    login: true,
    superuser: false,
    createdb: false,
    createrole: false,
    inherit: true,
    replication: false,
    bypassrls: false,
    connlimit: -1,
    validUntil: null,
    verifier: null,
    comment: null,
    parameters: {},
    parametersIn: {},
    adminHasIt: false,
    ...more,
  };
}

export function database(name: string, more: Partial<CatalogDatabase> = {}): CatalogDatabase {
  return {
    name,
    oid: 16400 + name.length,
    owner: "admin",
    encoding: "UTF8",
    collate: "C.UTF-8",
    ctype: "C.UTF-8",
    provider: "libc",
    locale: null,
    tablespace: "pg_default",
    allowConnections: true,
    connlimit: -1,
    comment: null,
    parameters: {},
    publicConnect: false,
    adminCanConnect: true,
    ownerAdminHas: true,
    ...more,
  };
}

export interface ClusterParts {
  server?: ServerInfo;
  roles?: CatalogRole[];
  databases?: CatalogDatabase[];
  memberships?: ClusterCatalog["memberships"];
  privileges?: PrivilegeMap;
}

export function cluster(parts: ClusterParts = {}): ClusterCatalog {
  return {
    server: parts.server ?? superuser,
    roles: new Map((parts.roles ?? []).map((r) => [r.name, r])),
    memberships: parts.memberships ?? [],
    databases: new Map((parts.databases ?? []).map((d) => [d.name, d])),
    tablespaces: new Set(["fast"]),
    privileges: parts.privileges ?? new Map(),
    normalForms: { encodings: new Map([["utf-8", "UTF8"]]), icuLocales: new Map() },
  };
}

/** An ownership record in which the planned declaration created everything named. */
export function owned(names: { roles?: string[]; databases?: string[] }, more: Partial<OwnedObject> = {}): Ownership {
  const row = (kind: "role" | "database") => (name: string) => {
    const object = {
      kind,
      name,
      declaration: "mine",
      adopted: false,
      current: true,
      announced: false,
      unfinished: false,
    };
    return [ownedKey(kind, name), { ...object, ...more }] as const;
  };
  const objects = new Map([...(names.roles ?? []).map(row("role")), ...(names.databases ?? []).map(row("database"))]);
  const none = { grants: [], defaultPrivileges: [] };
  return { declaration: "mine", objects, mine: none, others: none };
}

type Has = [
  kind: string,
  schema: string,
  name: string,
  column: string,
  grantee: string,
  privilege: string,
  grantable?: boolean,
];

export function privileges(...list: Has[]): PrivilegeMap {
  return new Map(
    list.map(([a, b, c, d, e, f, grantable]) => [privilegeKey(a, b, c, d, e, f), { grantable: grantable === true }]),
  );
}

export function inside(
  objects: CatalogObject[],
  has: PrivilegeMap = new Map(),
  more: Partial<DatabaseCatalog> = {},
): DatabaseCatalog {
  return { ...emptyDatabaseCatalog(), objects, privileges: has, ...more };
}

export const table = (schema: string, name: string, owner = "admin"): CatalogObject => ({
  kind: "table",
  schema,
  name,
  owner,
});

/** Returns the plan as SQL. Throws its problems, so that no test ignores one. */
export function sqlOf(input: Omit<PlanInput, "cluster"> & { cluster?: ClusterCatalog }): string[] {
  const plan = planAccess({ cluster: cluster(), ...input });
  if (plan.problems.length > 0) throw new Error(JSON.stringify(plan.problems));
  return plan.statements.map((s) => (s.database === undefined ? s.sql : `${s.database}: ${s.sql}`));
}

export function problemsOf(next: AccessDocument, parts: ClusterParts = {}, more: Partial<PlanInput> = {}): string[] {
  const { statements, problems } = planAccess({ next, cluster: cluster(parts), ...more });
  expect(statements).toEqual([]);
  return problems.map((p) => `${p.path}: ${p.problem}, got ${p.value}; ${p.fix}`);
}
