import { first } from "@pgharbor/core";
import type { CatalogDatabase, CatalogMembership, CatalogRole, ClusterCatalog, ServerInfo } from "./types";
import { readNormalForms } from "./normal-forms";
import type { ClusterNames } from "./cluster-names";
import { type Queryable, settingsRecord } from "./query";
import { readSharedPrivileges } from "./shared-privileges";

export async function readServer(client: Queryable): Promise<ServerInfo> {
  const { rows } = await client.query<ServerInfo>(`
    select current_setting('server_version_num')::int as version, rolname as admin, rolsuper as superuser,
      rolcreaterole as createrole, rolcreatedb as createdb
    from pg_catalog.pg_roles where rolname = current_user`);
  return first(rows);
}

type RoleRow = Omit<CatalogRole, "parameters" | "parametersIn" | "verifier"> & { setconfig: string[] | null };

async function readRoles(
  client: Queryable,
  server: ServerInfo,
  names: readonly string[],
): Promise<Map<string, CatalogRole>> {
  // SET became a separate membership option in 16; before, every member may SET ROLE.
  const setRight = server.version >= 160000 ? "SET" : "MEMBER";
  const { rows } = await client.query<RoleRow>(
    `select r.rolname as name, rolcanlogin as login, rolsuper as superuser, rolcreatedb as createdb, rolcreaterole as createrole,
      rolinherit as inherit, rolreplication as replication, rolbypassrls as bypassrls, rolconnlimit as connlimit,
      case when isfinite(rolvaliduntil)
        then to_char(rolvaliduntil at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as "validUntil",
      pg_catalog.shobj_description(r.oid, 'pg_authid') as comment, s.setconfig,
      pg_catalog.pg_has_role(current_user, r.oid, 'USAGE') and pg_catalog.pg_has_role(current_user, r.oid, '${setRight}') as "adminHasIt"
    from pg_catalog.pg_roles r left join pg_catalog.pg_db_role_setting s on s.setrole = r.oid and s.setdatabase = 0
    where r.rolname = any($1)`,
    [names],
  );
  const roles = new Map<string, CatalogRole>(
    rows.map(({ setconfig, ...r }) => [r.name, { ...r, parameters: settingsRecord(setconfig), parametersIn: {} }]),
  );
  // Another session may have created this role since, so it is not in the map.
  for (const { name, verifier } of await readVerifiers(client, names)) {
    const role = roles.get(name);
    if (role !== undefined) role.verifier = verifier;
  }
  for (const { name, database, setconfig } of await readParametersIn(client, names)) {
    const role = roles.get(name);
    if (role !== undefined) role.parametersIn[database] = settingsRecord(setconfig);
  }
  return roles;
}

async function readParametersIn(
  client: Queryable,
  names: readonly string[],
): Promise<{ name: string; database: string; setconfig: string[] | null }[]> {
  const { rows } = await client.query<{ name: string; database: string; setconfig: string[] | null }>(
    `select r.rolname as name, d.datname as database, s.setconfig
    from pg_catalog.pg_db_role_setting s
      join pg_catalog.pg_roles r on r.oid = s.setrole
      join pg_catalog.pg_database d on d.oid = s.setdatabase
    where r.rolname = any($1)`,
    [names],
  );
  return rows;
}

/** On a pgharbor cluster a superuser's function shows verifiers to the admin. A function of any other owner is not called. */
const VERIFIERS_FUNCTION = `
  select exists (
    select from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace join pg_catalog.pg_roles o on o.oid = p.proowner
    where n.nspname = 'pgharbor' and p.proname = 'role_verifiers' and p.pronargs = 0 and o.rolsuper and pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
  ) as may`;

/** Only superusers may read rolpassword, which hosted services do not grant to their admins. */
async function readVerifiers(
  client: Queryable,
  names: readonly string[],
): Promise<{ name: string; verifier: string | null }[]> {
  const allowed = await client.query<{ may: boolean }>(
    `select pg_catalog.has_column_privilege('pg_catalog.pg_authid', 'rolpassword', 'SELECT') as may`,
  );
  const verifiers = (from: string) =>
    client.query<{ name: string; verifier: string | null }>(`${from} where rolname = any($1)`, [names]);
  if (first(allowed.rows).may)
    return (await verifiers("select rolname as name, rolpassword as verifier from pg_catalog.pg_authid")).rows;
  if (!first((await client.query<{ may: boolean }>(VERIFIERS_FUNCTION)).rows).may) return [];
  return (await verifiers("select rolname as name, verifier from pgharbor.role_verifiers()")).rows;
}

async function readMemberships(
  client: Queryable,
  server: ServerInfo,
  names: readonly string[],
): Promise<CatalogMembership[]> {
  // Before 16 a pair has one row, which everyone who may grant the role may change, and whose grantor may be dropped. Since 16 the grantor's rights are needed: this admin
  // has them, or can take them with the ADMIN option unless that makes a membership loop.
  const options =
    server.version >= 160000
      ? `m.inherit_option as inherit, m.set_option as "set", pg_catalog.pg_has_role(m.grantor, 'USAGE')
        or (pg_catalog.pg_has_role(m.grantor, 'MEMBER WITH ADMIN OPTION') and not grantor.rolsuper
          and not pg_catalog.pg_has_role(m.grantor, current_user, 'MEMBER')) as reachable,
        not grantor.rolsuper and grantor.rolname <> current_user as "passedOn"`
      : `member.rolinherit as inherit, true as "set", true as reachable, false as "passedOn"`;
  const { rows } = await client.query<CatalogMembership>(
    `select role.rolname as role, member.rolname as member, coalesce(grantor.rolname, current_user) as grantor, m.admin_option as admin, ${options}
    from pg_catalog.pg_auth_members m
      join pg_catalog.pg_roles role on role.oid = m.roleid
      join pg_catalog.pg_roles member on member.oid = m.member
      left join pg_catalog.pg_roles grantor on grantor.oid = m.grantor
    where role.rolname = any($1) and (member.rolname = any($1) or member.rolname = current_user)
    order by 1, 2, 3`,
    [names],
  );
  return rows;
}

type DatabaseRow = Omit<CatalogDatabase, "parameters"> & { setconfig: string[] | null };

async function readDatabases(
  client: Queryable,
  server: ServerInfo,
  names: readonly string[],
): Promise<Map<string, CatalogDatabase>> {
  const locale = server.version >= 170000 ? "datlocale" : "daticulocale";
  const { rows } = await client.query<DatabaseRow>(
    `select datname as name, d.oid, d.datistemplate as "isTemplate", o.rolname as owner, pg_catalog.pg_encoding_to_char(encoding) as encoding, datcollate as collate,
      datctype as ctype, case datlocprovider when 'c' then 'libc' when 'i' then 'icu' else 'builtin' end as provider,
      ${locale} as locale, t.spcname as tablespace, datallowconn as "allowConnections", datconnlimit as connlimit,
      pg_catalog.shobj_description(d.oid, 'pg_database') as comment, s.setconfig,
      pg_catalog.has_database_privilege('public', d.oid, 'CONNECT') as "publicConnect",
      pg_catalog.has_database_privilege(d.oid, 'CONNECT') as "adminCanConnect",
      pg_catalog.pg_has_role(current_user, d.datdba, 'USAGE') as "ownerAdminHas"
    from pg_catalog.pg_database d
      join pg_catalog.pg_roles o on o.oid = d.datdba
      join pg_catalog.pg_tablespace t on t.oid = d.dattablespace
      left join pg_catalog.pg_db_role_setting s on s.setdatabase = d.oid and s.setrole = 0
    where datname = any($1)`,
    [names],
  );
  return new Map(rows.map(({ setconfig, ...d }) => [d.name, { ...d, parameters: settingsRecord(setconfig) }]));
}

/** The ICU locales to compare: none if all are written as in the catalog. */
function otherLocales(names: ClusterNames, databases: ReadonlyMap<string, CatalogDatabase>): string[] {
  const stored = new Set([...databases.values()].flatMap((d) => (d.provider === "icu" ? [d.locale ?? ""] : [])));
  const other = names.icuLocales.filter((name) => !stored.has(name));
  return stored.size === 0 || other.length === 0 ? [] : [...other, ...stored];
}

/** Reads everything that databases share, with one query for each kind. */
export async function readCluster(client: Queryable, names: ClusterNames): Promise<ClusterCatalog> {
  const server = await readServer(client);
  const tablespaces = await client.query<{ name: string }>(
    `select spcname as name from pg_catalog.pg_tablespace where spcname = any($1)`,
    [names.tablespaces],
  );
  const databases = await readDatabases(client, server, names.databases);
  const owners = [...databases.values()].map((d) => d.owner);
  const named = [...new Set([...names.roles, ...owners])];
  // A grantor's rights may have to be borrowed, so grantors are read, too.
  const grantors = (await readMemberships(client, server, named)).filter((m) => m.reachable).map((m) => m.grantor);
  const roleNames = [...new Set([...named, ...grantors])];
  return {
    server,
    roles: await readRoles(client, server, roleNames),
    memberships: await readMemberships(client, server, roleNames),
    databases,
    tablespaces: new Set(tablespaces.rows.map((r) => r.name)),
    privileges: await readSharedPrivileges(client, names),
    normalForms: await readNormalForms(client, server, { ...names, icuLocales: otherLocales(names, databases) }),
  };
}

/** The catalog with more roles, whose rights may be needed. */
export async function withRoles(
  client: Queryable,
  cluster: ClusterCatalog,
  names: Iterable<string>,
): Promise<ClusterCatalog> {
  const missing = [...new Set(names)].filter((name) => !cluster.roles.has(name));
  if (missing.length === 0) return cluster;
  const roles = new Map([...cluster.roles, ...(await readRoles(client, cluster.server, missing))]);
  return { ...cluster, roles, memberships: await readMemberships(client, cluster.server, [...roles.keys()]) };
}

/** A dependency that blocks DROP ROLE: a role owns something or has rights in a database. */
export interface Dependant {
  role: string;
  oid: number;
  /** null for shared objects. */
  database: string | null;
  /** True if it owns something there, false if it only has rights. */
  owns: boolean;
  /** Owners of the objects on which it has rights: only they and superusers can revoke them. */
  grantors: string[];
}

/** Reads PostgreSQL's own record of dependencies, for all databases at once. It lacks the databases of subscriptions. */
export async function readDependants(client: Queryable, roles: readonly string[]): Promise<Dependant[]> {
  const { rows } = await client.query<Dependant>(
    `select r.rolname::text as role, r.oid, d.datname::text as database, true as owns, '{}'::text[] as grantors
    from pg_catalog.pg_subscription s join pg_catalog.pg_roles r on r.oid = s.subowner join pg_catalog.pg_database d on d.oid = s.subdbid
    where r.rolname = any($1)
    union all select r.rolname as role, r.oid, d.datname as database, bool_or(s.deptype = 'o') as owns,
      coalesce(array_agg(distinct g.rolname::text) filter (where g.rolname is not null), '{}') as grantors
    from pg_catalog.pg_shdepend s join pg_catalog.pg_roles r on r.oid = s.refobjid
      left join pg_catalog.pg_database d on d.oid = s.dbid
      left join pg_catalog.pg_shdepend o on s.deptype <> 'o' and o.deptype = 'o' and o.dbid = s.dbid and o.classid = s.classid
        and o.objid = s.objid and o.refclassid = s.refclassid
      left join pg_catalog.pg_roles g on g.oid = o.refobjid
    where s.refclassid = 'pg_catalog.pg_authid'::regclass and r.rolname = any($1) group by 1, 2, 3 order by 1, 3`,
    [roles],
  );
  return rows;
}
