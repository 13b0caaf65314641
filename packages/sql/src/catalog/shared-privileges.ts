import type { ClusterNames } from "./cluster-names";
import { addPrivilege, grantedBy, OTHER_GRANTOR, privilegeKey, type Queryable } from "./query";
import type { PrivilegeMap } from "./types";

interface SharedRow {
  kind: string;
  name: string;
  grantee: string;
  privilege: string;
  grantable: boolean;
  ofOwner: boolean;
  grantor: string | null;
}

/** A parameter belongs to the bootstrap superuser, whose role has the oid 10. */
const PARAMETER_OWNER = "10::oid";

/** Owners' rights are always read because they move to a new owner. */
const SHARED_PRIVILEGES = `
  select kind, name, coalesce(g.rolname, 'public') as grantee, a.privilege_type as privilege, a.is_grantable as grantable,
    a.grantee = o.owner as "ofOwner",
    ${OTHER_GRANTOR}
  from (
    select 'database' as kind, datname::text as name, datdba as owner, coalesce(datacl, pg_catalog.acldefault('d', datdba)) as acl
      from pg_catalog.pg_database where datname = any($1)
    union all select 'tablespace', spcname::text, spcowner, coalesce(spcacl, pg_catalog.acldefault('t', spcowner))
      from pg_catalog.pg_tablespace where spcname = any($2)
    union all select 'parameter', want.name, ${PARAMETER_OWNER}, coalesce(paracl, pg_catalog.acldefault('p', ${PARAMETER_OWNER}))
      from unnest($3::text[]) as want(name) left join pg_catalog.pg_parameter_acl on parname = want.name
  ) o cross join lateral pg_catalog.aclexplode(o.acl) a left join pg_catalog.pg_roles g on g.oid = a.grantee
    left join pg_catalog.pg_roles by on by.oid = a.grantor
    join pg_catalog.pg_roles w on w.oid = o.owner join pg_catalog.pg_roles me on me.rolname = current_user
  where coalesce(g.rolname, 'public') = any($4) or a.grantee = o.owner`;

/** Privileges on databases, tablespaces and parameters, granted or built in. */
export async function readSharedPrivileges(client: Queryable, names: ClusterNames): Promise<PrivilegeMap> {
  const { rows } = await client.query<SharedRow>(SHARED_PRIVILEGES, [
    names.databases,
    names.tablespaces,
    names.parameters,
    names.grantees,
  ]);
  const map: PrivilegeMap = new Map();
  for (const { kind, name, grantee, privilege, grantable, ofOwner, grantor } of rows)
    addPrivilege(map, privilegeKey(kind, "", name, "", grantee, privilege), grantedBy(grantor, grantable, ofOwner));
  return map;
}
