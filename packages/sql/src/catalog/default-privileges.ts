import { addPrivilege, privilegeKey, type Queryable } from "./query";
import type { PrivilegeMap } from "./types";

interface DefaultRow {
  kind: string;
  schema: string;
  creator: string;
  grantee: string;
  privilege: string;
  grantable: boolean;
}

/**
 * A row for all schemas replaces the built-in defaults, so without one acldefault() applies. A row for one schema adds to that and contains
 * only what was granted there. https://www.postgresql.org/docs/17/sql-alterdefaultprivileges.html
 */
const DEFAULT_PRIVILEGES = `
  with kinds(kind, objtype, acltype) as (values ('tables', 'r'::"char", 'r'::"char"), ('sequences', 'S', 's'), ('functions', 'f', 'f'),
      ('types', 'T', 'T'), ('schemas', 'n', 'n')),
    defaults as (
      select kind, '' as schema, c.oid as creator, c.rolname,
        coalesce(d.defaclacl, pg_catalog.acldefault(acltype, c.oid)) as acl
      from pg_catalog.pg_roles c cross join kinds left join pg_catalog.pg_default_acl d
        on d.defaclrole = c.oid and d.defaclnamespace = 0 and d.defaclobjtype = objtype
      union all
      select kind, n.nspname, c.oid, c.rolname, d.defaclacl
      from pg_catalog.pg_default_acl d join pg_catalog.pg_roles c on c.oid = d.defaclrole
        join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace join kinds on objtype = d.defaclobjtype
    )
  select kind, schema, defaults.rolname as creator, coalesce(g.rolname, 'public') as grantee, a.privilege_type as privilege,
    a.is_grantable as grantable
  from defaults cross join lateral pg_catalog.aclexplode(acl) a left join pg_catalog.pg_roles g on g.oid = a.grantee
  where defaults.rolname = any($1) and coalesce(g.rolname, 'public') = any($2)`;

/** Reads default privileges by creator, granted or built in. */
export async function readDefaultPrivileges(
  client: Queryable,
  { creators, grantees }: { creators: readonly string[]; grantees: readonly string[] },
  into: PrivilegeMap,
): Promise<void> {
  const { rows } = await client.query<DefaultRow>(DEFAULT_PRIVILEGES, [creators, grantees]);
  for (const d of rows) {
    const ofOwner = d.schema === "" && d.grantee === d.creator;
    addPrivilege(into, privilegeKey(d.kind, d.schema, d.creator, "", d.grantee, d.privilege), {
      grantable: d.grantable || ofOwner,
      ofOwner,
    });
  }
}
