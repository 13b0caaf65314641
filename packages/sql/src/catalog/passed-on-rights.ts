import type { Queryable } from "./query";

/** Rights of a leaving role on one object that DROP OWNED may not revoke, because it revokes one grantor's. */
export interface PassedOn {
  grantor: string;
  grantee: string;
  /** Privileges and object in REVOKE's syntax. */
  what: string;
  /** The object's schema and that one's owner, if the grantor has no USAGE on it. */
  schema: string | null;
  schemaOwner: string | null;
}

/**
 * Objects with privileges, in REVOKE's syntax. With the empty search path names are complete, and quoted if necessary. `holders` are the
 * grants that decide who can be the grantor: for columns also those of the table.
 */
const OBJECTS = [
  `select pg_catalog.format('ALL ON %s %s', case relkind when 'S' then 'SEQUENCE' else 'TABLE' end, oid::pg_catalog.regclass) as what,
      relowner as owner, relacl as acl, relacl as holders, relnamespace as namespace
    from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,
  `select pg_catalog.format('ALL (%I) ON TABLE %s', attname, c.oid::pg_catalog.regclass), c.relowner, attacl, coalesce(c.relacl, '{}') || attacl, c.relnamespace
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid where not attisdropped`,
  `select pg_catalog.format('ALL ON %s %s', case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, oid::pg_catalog.regprocedure), proowner, proacl, proacl, pronamespace from pg_catalog.pg_proc`,
  `select pg_catalog.format('ALL ON SCHEMA %I', nspname), nspowner, nspacl, nspacl, null from pg_catalog.pg_namespace`,
  `select pg_catalog.format('ALL ON TYPE %I.%I', nspname, typname), typowner, typacl, typacl, typnamespace
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace`,
  `select pg_catalog.format('ALL ON LANGUAGE %I', lanname), lanowner, lanacl, lanacl, null from pg_catalog.pg_language`,
  `select pg_catalog.format('ALL ON FOREIGN DATA WRAPPER %I', fdwname), fdwowner, fdwacl, fdwacl, null from pg_catalog.pg_foreign_data_wrapper`,
  `select pg_catalog.format('ALL ON FOREIGN SERVER %I', srvname), srvowner, srvacl, srvacl, null from pg_catalog.pg_foreign_server`,
  `select pg_catalog.format('ALL ON LARGE OBJECT %s', oid), lomowner, lomacl, lomacl, null from pg_catalog.pg_largeobject_metadata`,
].join("\n    union all ");

/** Shared objects, which are visible in every database. */
const SHARED = [
  `select pg_catalog.format('ALL ON DATABASE %I', datname) as what, datdba as owner, datacl as acl, datacl as holders, null::pg_catalog.oid as namespace from pg_catalog.pg_database`,
  `select pg_catalog.format('ALL ON TABLESPACE %I', spcname), spcowner, spcacl, spcacl, null from pg_catalog.pg_tablespace`,
  `select pg_catalog.format('ALL ON PARAMETER %I', parname), '10'::pg_catalog.oid, paracl, paracl, null from pg_catalog.pg_parameter_acl`,
].join("\n    union all ");

/**
 * Reads grants to these roles on this database's objects or on shared ones: by others than the owners, and by owners where another role
 * has a grant option. DROP OWNED takes such a role, possibly the leaving one itself, for the grantor and revokes nothing.
 */
export async function readPassedOn(
  client: Queryable,
  roles: readonly string[],
  scope: "database" | "shared",
): Promise<PassedOn[]> {
  const { rows } = await client.query<PassedOn>(
    `select distinct grantor.rolname::text as grantor, grantee.rolname::text as grantee, o.what, n.nspname::text as schema, s.rolname::text as "schemaOwner"
    from (${scope === "shared" ? SHARED : OBJECTS}) o cross join lateral pg_catalog.aclexplode(o.acl) a
      join pg_catalog.pg_roles grantee on grantee.oid = a.grantee join pg_catalog.pg_roles grantor on grantor.oid = a.grantor
      left join (pg_catalog.pg_namespace n join pg_catalog.pg_roles s on s.oid = n.nspowner)
        on n.oid = o.namespace and not pg_catalog.has_schema_privilege(a.grantor, n.oid, 'USAGE')
    where o.acl is not null and grantee.rolname = any($1) and case when a.grantor = o.owner
      then a.grantee <> o.owner and exists (select from pg_catalog.aclexplode(o.holders) h where h.is_grantable and h.grantee <> o.owner)
      else grantor.rolname <> all($1) end
    order by 1, 2, 3`,
    [roles],
  );
  return rows;
}
