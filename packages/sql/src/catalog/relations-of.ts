import { first } from "@pgharbor/core";
import type { Queryable } from "./query";

/** A table, view or sequence of a leaving role that another role can be made the owner of by itself. */
export interface OwnedRelation {
  /** Complete name, quoted if necessary. */
  name: string;
  schema: string;
  schemaOwner: string;
  /** True if the heir may create objects in the schema, without which it cannot become the owner. */
  heirMayCreate: boolean;
}

/** Indexes, TOAST tables and sequences of columns follow their tables; those of other sessions' temporary schemas are left to them. */
const OWN = `from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_roles o on o.oid = c.relowner
  where o.rolname = any($1) and n.nspname !~ '^pg_(toast_)?temp'`;

/**
 * The number of relations of these roles, including indexes. REASSIGN OWNED locks each of them until the end of the
 * transaction.
 */
export async function countRelationsOf(client: Queryable, roles: readonly string[]): Promise<number> {
  const { rows } = await client.query<{ relations: number }>(`select count(*)::int as relations ${OWN}`, [roles]);
  return first(rows).relations;
}

/** Some of the relations of these roles: at least one, and no more than have `limit` relations and indexes together. */
export async function readRelationsOf(
  client: Queryable,
  { roles, heir, limit }: { roles: readonly string[]; heir: string; limit: number },
): Promise<OwnedRelation[]> {
  const { rows } = await client.query<OwnedRelation>(
    `select name, schema, "schemaOwner", "heirMayCreate" from (
      select c.oid::pg_catalog.regclass::text as name, n.nspname::text as schema, s.rolname::text as "schemaOwner",
        exists (select from pg_catalog.pg_roles h where h.rolname = $2 and pg_catalog.has_schema_privilege(h.oid, n.oid, 'CREATE')) as "heirMayCreate",
        pg_catalog.row_number() over (order by c.oid) as nth, pg_catalog.sum(l.locks) over (order by c.oid) as total
      from (select c.oid, c.relnamespace ${OWN} and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
          and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid
            and c.relkind = 'S' and d.deptype in ('a', 'i')) order by c.oid limit $3) c
        cross join lateral (select 3 + pg_catalog.count(*) as locks from pg_catalog.pg_index where indrelid = c.oid) l
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_roles s on s.oid = n.nspowner
    ) portion where nth = 1 or total <= $3 order by nth`,
    [roles, heir, limit],
  );
  return rows;
}
