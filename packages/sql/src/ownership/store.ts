import { createHash } from "node:crypto";
import type { Client } from "pg";
import type { AccessDocument } from "../desired/access";
import type { DefaultPrivilege, Grant } from "../desired/grant";
import { HEIR } from "./heir";
import { type ClaimedGrants, type OwnedKind, type OwnedObject, ownedKey, type Ownership } from "./ownership";
import { TABLE } from "./table";

/** A new entry of the record: an object that a declaration now manages. */
export interface Claim {
  kind: OwnedKind;
  name: string;
  adopted: boolean;
  unfinished?: boolean;
}

type GrantKind = "grant" | "default privilege";
type GrantRow = { kind: GrantKind; detail: Grant | DefaultPrivilege; mine: boolean };

const CURRENT = `
  left join pg_catalog.pg_roles r on o.kind in ('role', 'heir', 'login') and r.rolname = o.name and r.oid = o.object
  left join pg_catalog.pg_database d on o.kind = 'database' and d.datname = o.name and d.oid = o.object`;

/** A database of that name belongs to another role, so it is not the announced one. */
const CONTESTED = `exists (
  select from pg_catalog.pg_database made where made.datname = o.name and pg_catalog.pg_get_userbyid(made.datdba) <> current_user)`;

/** Reads the record of the named objects and of everything that the declaration owns. */
export async function readOwnership(
  client: Client,
  declaration: string,
  names: { roles: readonly string[]; databases: readonly string[] },
): Promise<Ownership> {
  const { rows } = await client.query<OwnedObject>(
    `select o.kind, o.name, o.declaration, o.adopted, coalesce(r.oid, d.oid) is not null as current, o.object is null and not ${CONTESTED} as announced,
      o.unfinished, o.baseline_transaction::text as "baselineTransaction"
    from ${TABLE} o ${CURRENT}
    where o.detail is null and (o.declaration = $1 or o.kind = 'heir' or (o.kind = 'role' and o.name = any($2)) or (o.kind = 'database' and o.name = any($3)))`,
    [declaration, names.roles, names.databases],
  );
  const grants = await client.query<GrantRow>(
    `select kind, detail, declaration = $1 as mine from ${TABLE} where detail is not null
      and (declaration = $1 or detail->>'database' is null or detail->>'database' = any($2))`,
    [declaration, names.databases],
  );
  return {
    declaration,
    objects: new Map(rows.map((row) => [ownedKey(row.kind, row.name), row])),
    mine: claimed(grants.rows.filter((row) => row.mine)),
    others: claimed(grants.rows.filter((row) => !row.mine)),
  };
}

const claimed = (rows: readonly GrantRow[]): ClaimedGrants => ({
  grants: rows.filter((r) => r.kind === "grant").map((r) => r.detail as Grant),
  defaultPrivileges: rows.filter((r) => r.kind === "default privilege").map((r) => r.detail as DefaultPrivilege),
});

/** Records existing objects; called in the transaction that creates or adopts them. */
export async function claimObjects(client: Client, declaration: string, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  await client.query(
    `with claim as (select * from unnest($2::text[], $3::text[], $4::boolean[], $5::boolean[]) as c(kind, name, adopted, unfinished))
    insert into ${TABLE} as o (kind, name, declaration, object, adopted, unfinished)
    select c.kind, c.name, $1, coalesce(r.oid, d.oid), c.adopted, c.unfinished from claim c
      left join pg_catalog.pg_roles r on c.kind in ('role', 'heir', 'login') and r.rolname = c.name
      left join pg_catalog.pg_database d on c.kind = 'database' and d.datname = c.name
    on conflict (kind, name) where detail is null do update set declaration = excluded.declaration, object = excluded.object,
      adopted = excluded.adopted, unfinished = excluded.unfinished, baseline_transaction = null`,
    [
      declaration,
      claims.map((c) => c.kind),
      claims.map((c) => c.name),
      claims.map((c) => c.adopted),
      claims.map((c) => c.unfinished ?? false),
    ],
  );
}

/** Records a database before CREATE DATABASE, which runs in no transaction. */
export async function announceDatabase(
  client: Client,
  declaration: string,
  name: string,
  unfinished: boolean,
): Promise<void> {
  await client.query(
    `insert into ${TABLE} (kind, name, declaration, unfinished) values ('database', $2, $1, $3)
    on conflict (kind, name) where detail is null do update set declaration = excluded.declaration, object = null, adopted = false,
      unfinished = excluded.unfinished, baseline_transaction = null`,
    [declaration, name, unfinished],
  );
}

/** Deletes announcements of databases that belong to another role, which created them, even if it hands them over later. */
export async function withdrawContested(client: Client): Promise<void> {
  await client.query(`delete from ${TABLE} o where kind = 'database' and object is null and ${CONTESTED}`);
}

/** CREATE DATABASE was refused, so a later database of that name belongs to someone else. */
export async function withdrawAnnouncement(client: Client, declaration: string, name: string): Promise<void> {
  await client.query(
    `delete from ${TABLE} where kind = 'database' and name = $2 and declaration = $1 and object is null`,
    [declaration, name],
  );
}

/** Records that leaving roles lost LOGIN: a role that is declared again before it is dropped gets it back. */
export async function recordLockedOut(client: Client, roles: readonly string[]): Promise<void> {
  await client.query(`update ${TABLE} set unfinished = true where kind = 'role' and name = any($1)`, [roles]);
}

/** Deletes objects from the record if they are still this declaration's. */
export async function releaseObjects(
  client: Client,
  declaration: string,
  kind: OwnedKind,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  await client.query(
    `delete from ${TABLE} where kind = $2 and name = any($3) and (declaration = $1 or kind in ('heir', 'login'))`,
    [declaration, kind, names],
  );
}

/** Logins of baselines, including those of killed runs. */
export async function readBaselineLogins(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select o.name from ${TABLE} o join pg_catalog.pg_roles r on r.rolname = o.name and r.oid = o.object where o.kind = 'login'`,
  );
  return rows.map((row) => row.name);
}

/** Heirs whose databases no longer exist. */
export async function readUselessHeirs(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select o.name from ${TABLE} o join pg_catalog.pg_roles r on r.rolname = o.name and r.oid = o.object
    where o.kind = 'heir' and not exists (select from pg_catalog.pg_database d where pg_catalog.starts_with(o.name, $1 || d.oid || '_'))`,
    [HEIR],
  );
  return rows.map((row) => row.name);
}

/** Renames a declaration whose resource was renamed or moved. */
export async function renameDeclaration(client: Client, former: string, declaration: string): Promise<void> {
  await client.query(
    `with moved as (delete from ${TABLE} where declaration = $1 and detail is not null returning *)
    insert into ${TABLE} (kind, name, declaration, detail) select kind, name, $2, detail from moved on conflict do nothing`,
    [former, declaration],
  );
  await client.query(`update ${TABLE} set declaration = $2 where declaration = $1`, [former, declaration]);
}

/** Records the transaction that runs a baseline; undefined: it has run. */
export async function recordBaseline(client: Client, database: string, transaction: string | undefined): Promise<void> {
  await client.query(
    `update ${TABLE} set unfinished = $2::text is not null, baseline_transaction = $2::text::xid8
    where kind = 'database' and name = $1 and detail is null`,
    [database, transaction ?? null],
  );
}

const grantsIn = (doc: AccessDocument | undefined): { kind: GrantKind; detail: string }[] => [
  ...Object.values(doc?.grants ?? {}).map((g) => ({ kind: "grant" as const, detail: canonical(g) })),
  ...Object.values(doc?.defaultPrivileges ?? {}).map((p) => ({
    kind: "default privilege" as const,
    detail: canonical(p),
  })),
];

/** Returns the same text for a grant, whatever the order of its fields. */
export function canonical(grant: Grant | DefaultPrivilege): string {
  const sorted = Object.entries(grant)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

const digest = (detail: string): string => createHash("sha256").update(detail).digest("hex");

/** Records the grants of a document before they are made, so that a failed run's grants are known. */
export async function claimGrants(client: Client, ownership: Ownership, next: AccessDocument): Promise<void> {
  const known = new Set([...ownership.mine.grants, ...ownership.mine.defaultPrivileges].map(canonical));
  const missing = grantsIn(next).filter((g) => !known.has(g.detail));
  if (missing.length === 0) return;
  await client.query(
    `insert into ${TABLE} (kind, name, declaration, detail) select k, n, $1, d::jsonb from unnest($2::text[], $3::text[], $4::text[]) as g(k, n, d)
    on conflict do nothing`,
    [
      ownership.declaration,
      missing.map((g) => g.kind),
      missing.map((g) => digest(g.detail)),
      missing.map((g) => g.detail),
    ],
  );
}

/** Deletes the document's removed grants from the record after they were revoked. */
export async function releaseGrants(client: Client, ownership: Ownership, next: AccessDocument): Promise<void> {
  const wanted = new Set(grantsIn(next).map((g) => digest(g.detail)));
  const gone = [...ownership.mine.grants, ...ownership.mine.defaultPrivileges]
    .map((g) => digest(canonical(g)))
    .filter((name) => !wanted.has(name));
  if (gone.length === 0) return;
  await client.query(`delete from ${TABLE} where declaration = $1 and detail is not null and name = any($2)`, [
    ownership.declaration,
    gone,
  ]);
}
