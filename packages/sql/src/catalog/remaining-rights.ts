import type { Queryable } from "./query";

/** A role that cannot name an object, because it has no USAGE on a schema. */
export interface Hidden {
  role: string;
  schema: string;
  schemaOwner: string;
}

/** Rights of one grantor's on one object that DROP OWNED may not revoke, because it revokes the grants of one role only. */
export interface RemainingRight {
  /** The object in REVOKE's syntax. */
  target: string;
  isSchema: boolean;
  /** In REVOKE's syntax; empty for the object itself. */
  column: string;
  owner: string;
  grantor: string;
  /** null: PUBLIC. */
  grantee: string | null;
  privileges: string[];
  /**
   * Privileges without which the grantor has the grant: it lost the option, but not what it granted. PostgreSQL leaves that where the grantor
   * is a member of the owner.
   */
  withoutOption: string[];
  /** Those of them that it holds all the same. */
  held: string[];
  hidden: Hidden[];
}

/**
 * Objects with privileges, in REVOKE's syntax. With the empty search path names are complete, and quoted if necessary. `holders` are the
 * grants that decide who can be the grantor: for columns also those of the table. `namespaces` are the schemas that the names contain.
 */
const OBJECTS = [
  `select pg_catalog.format('%s %s', case relkind when 'S' then 'SEQUENCE' else 'TABLE' end, oid::pg_catalog.regclass) as target, '' as col,
      relowner as owner, relacl as acl, relacl as holders, array[relnamespace] as namespaces
    from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,
  `select pg_catalog.format('TABLE %s', c.oid::pg_catalog.regclass), pg_catalog.quote_ident(attname), c.relowner, attacl,
      coalesce(c.relacl, '{}') || attacl, array[c.relnamespace]
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid where not attisdropped`,
  `select pg_catalog.format('%s %s', case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, oid::pg_catalog.regprocedure), '', proowner, proacl, proacl,
      pronamespace || array(select typnamespace from pg_catalog.pg_type t where t.oid = any(proargtypes)) from pg_catalog.pg_proc`,
  `select pg_catalog.format('SCHEMA %I', nspname), '', nspowner, nspacl, nspacl, '{}' from pg_catalog.pg_namespace`,
  `select pg_catalog.format('TYPE %I.%I', nspname, typname), '', typowner, typacl, typacl, array[typnamespace]
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace`,
  `select pg_catalog.format('LANGUAGE %I', lanname), '', lanowner, lanacl, lanacl, '{}' from pg_catalog.pg_language`,
  `select pg_catalog.format('FOREIGN DATA WRAPPER %I', fdwname), '', fdwowner, fdwacl, fdwacl, '{}' from pg_catalog.pg_foreign_data_wrapper`,
  `select pg_catalog.format('FOREIGN SERVER %I', srvname), '', srvowner, srvacl, srvacl, '{}' from pg_catalog.pg_foreign_server`,
  `select pg_catalog.format('LARGE OBJECT %s', oid), '', lomowner, lomacl, lomacl, '{}' from pg_catalog.pg_largeobject_metadata`,
].join("\n    union all ");

/** Shared objects, which are visible in every database. */
const SHARED = [
  `select pg_catalog.format('DATABASE %I', datname) as target, '' as col, datdba as owner, datacl as acl, datacl as holders, '{}'::pg_catalog.oid[] as namespaces
    from pg_catalog.pg_database`,
  `select pg_catalog.format('TABLESPACE %I', spcname), '', spcowner, spcacl, spcacl, '{}' from pg_catalog.pg_tablespace`,
  `select pg_catalog.format('PARAMETER %I', parname), '', '10'::pg_catalog.oid, paracl, paracl, '{}' from pg_catalog.pg_parameter_acl`,
].join("\n    union all ");

/**
 * Reads rights of these roles, and rights that they granted, on this database's objects or on shared ones: those by others than the owners,
 * and those by owners where another role has a grant option. DROP OWNED takes such a role, possibly the leaving one itself, for the grantor
 * and revokes nothing.
 */
export async function readRemainingRights(
  client: Queryable,
  roles: readonly string[],
  scope: "database" | "shared",
): Promise<RemainingRight[]> {
  const { rows } = await client.query<RemainingRight>(
    `with leaving as (select oid from pg_catalog.pg_roles where rolname = any($1)),
      found as (
        select o.target, o.col, o.owner, a.grantor, a.grantee, o.holders, o.namespaces, a.privileges
        from (${scope === "shared" ? SHARED : OBJECTS}) o cross join lateral (
          select x.grantor, x.grantee, pg_catalog.array_agg(x.privilege_type::text order by x.privilege_type) as privileges
          from pg_catalog.aclexplode(o.acl) x group by 1, 2) a
        where o.acl is not null and a.grantee <> o.owner and (
          (a.grantee in (select oid from leaving) and (a.grantor <> o.owner
            or exists (select from pg_catalog.aclexplode(o.holders) h where h.is_grantable and h.grantee <> o.owner)))
          or (a.grantor in (select oid from leaving) and a.grantor <> o.owner))
      )
    select f.target, f.target like 'SCHEMA %' as "isSchema", f.col as "column", w.rolname::text as owner, r.rolname::text as grantor, e.rolname::text as grantee,
      f.privileges, array(select p from unnest(f.privileges) p where f.grantor <> f.owner and not exists (
          select from pg_catalog.aclexplode(f.holders) h where h.grantee = f.grantor and h.privilege_type = p and h.is_grantable)) as "withoutOption",
      array(select p from unnest(f.privileges) p where exists (
          select from pg_catalog.aclexplode(f.holders) h where h.grantee = f.grantor and h.privilege_type = p)) as held,
      coalesce((select pg_catalog.json_agg(pg_catalog.json_build_object('role', u.rolname, 'schema', n.nspname, 'schemaOwner', s.rolname))
        from pg_catalog.pg_namespace n join pg_catalog.pg_roles s on s.oid = n.nspowner cross join pg_catalog.pg_roles u
        where n.oid = any(f.namespaces) and u.oid in (f.grantor, f.owner) and not pg_catalog.has_schema_privilege(u.oid, n.oid, 'USAGE')), '[]') as hidden
    from found f join pg_catalog.pg_roles w on w.oid = f.owner join pg_catalog.pg_roles r on r.oid = f.grantor
      left join pg_catalog.pg_roles e on e.oid = f.grantee
    order by f.grantor = f.owner desc, 1, 3, 5, 6`,
    [roles],
  );
  return rows;
}
