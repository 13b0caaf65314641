import type { Queryable } from "./query";

/** Rights on one object that a role other than the owner granted: only the grantor can revoke them. */
export interface PassedOn {
  grantor: string;
  grantee: string;
  /** Privileges and object in REVOKE's syntax. */
  what: string;
}

/** Objects with privileges, in REVOKE's syntax. With the empty search path names are complete, and quoted if necessary. */
const OBJECTS = [
  `select pg_catalog.format('ALL ON %s %s', case relkind when 'S' then 'SEQUENCE' else 'TABLE' end, oid::pg_catalog.regclass) as what, relowner as owner, relacl as acl
    from pg_catalog.pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,
  `select pg_catalog.format('ALL (%I) ON TABLE %s', attname, c.oid::pg_catalog.regclass), c.relowner, attacl
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid where not attisdropped`,
  `select pg_catalog.format('ALL ON %s %s', case prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, oid::pg_catalog.regprocedure), proowner, proacl from pg_catalog.pg_proc`,
  `select pg_catalog.format('ALL ON SCHEMA %I', nspname), nspowner, nspacl from pg_catalog.pg_namespace`,
  `select pg_catalog.format('ALL ON TYPE %I.%I', nspname, typname), typowner, typacl from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace`,
  `select pg_catalog.format('ALL ON LANGUAGE %I', lanname), lanowner, lanacl from pg_catalog.pg_language`,
  `select pg_catalog.format('ALL ON FOREIGN DATA WRAPPER %I', fdwname), fdwowner, fdwacl from pg_catalog.pg_foreign_data_wrapper`,
  `select pg_catalog.format('ALL ON FOREIGN SERVER %I', srvname), srvowner, srvacl from pg_catalog.pg_foreign_server`,
  `select pg_catalog.format('ALL ON LARGE OBJECT %s', oid), lomowner, lomacl from pg_catalog.pg_largeobject_metadata`,
].join("\n    union all ");

/** Shared objects, which are visible in every database. */
const SHARED = [
  `select pg_catalog.format('ALL ON DATABASE %I', datname) as what, datdba as owner, datacl as acl from pg_catalog.pg_database`,
  `select pg_catalog.format('ALL ON TABLESPACE %I', spcname), spcowner, spcacl from pg_catalog.pg_tablespace`,
  `select pg_catalog.format('ALL ON PARAMETER %I', parname), '10'::pg_catalog.oid, paracl from pg_catalog.pg_parameter_acl`,
].join("\n    union all ");

/** Grants to these roles by others than the owners, on this database's objects or on shared ones. */
export async function readPassedOn(
  client: Queryable,
  roles: readonly string[],
  scope: "database" | "shared",
): Promise<PassedOn[]> {
  const { rows } = await client.query<PassedOn>(
    `select distinct grantor.rolname::text as grantor, grantee.rolname::text as grantee, o.what
    from (${scope === "shared" ? SHARED : OBJECTS}) o cross join lateral pg_catalog.aclexplode(o.acl) a
      join pg_catalog.pg_roles grantee on grantee.oid = a.grantee join pg_catalog.pg_roles grantor on grantor.oid = a.grantor
    where o.acl is not null and a.grantor <> o.owner and grantee.rolname = any($1) and grantor.rolname <> all($1) order by 1, 2, 3`,
    [roles],
  );
  return rows;
}
