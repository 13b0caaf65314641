import { first } from "@pgharbor/core";
import type { Client } from "pg";
import { ExplainedError, type Explanation } from "../errors";
import { ident } from "../quote";

export const SCHEMA = "pgharbor";
export const TABLE = `${SCHEMA}.ownership`;

/**
 * One row for each object and each grant of a declaration. `object` is the oid, so that a later role or database of the same name is not
 * taken for the recorded one; null while CREATE DATABASE runs.
 */
const CREATE_TABLE = `CREATE TABLE ${TABLE} (
    kind text NOT NULL,
    name text NOT NULL,
    declaration text NOT NULL,
    object oid,
    adopted boolean NOT NULL DEFAULT false,
    unfinished boolean NOT NULL DEFAULT false,
    baseline_transaction xid8,
    detail jsonb,
    PRIMARY KEY (kind, name, declaration)
  );
  CREATE UNIQUE INDEX ownership_of_objects ON ${TABLE} (kind, name) WHERE detail IS NULL;
  REVOKE ALL ON ${TABLE} FROM PUBLIC`;

interface Found {
  schema: boolean;
  table: boolean;
  mayCreateSchema: boolean;
  mayCreateTable: boolean;
  mayWrite: boolean;
  /** Grants that let other roles write the record, or run code when the admin writes it. */
  strangers: string[];
}

const GRANTEE = `case a.grantee when 0 then 'PUBLIC' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) end`;

/** Only the admin and superusers may own or write the record, because it decides about deletions. */
const FIND = `
  with me as (select oid, rolsuper from pg_catalog.pg_roles where rolname = current_user),
    trusted as (select oid from pg_catalog.pg_roles where rolsuper or rolname = current_user),
    s as (select * from pg_catalog.pg_namespace where nspname = '${SCHEMA}'),
    t as (select c.* from pg_catalog.pg_class c join s on s.oid = c.relnamespace where c.relname = 'ownership')
  select exists (select from s) as schema, exists (select from t) as table,
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') as "mayCreateSchema",
    coalesce((select pg_catalog.has_schema_privilege(s.oid, 'USAGE') and pg_catalog.has_schema_privilege(s.oid, 'CREATE') from s), false) as "mayCreateTable",
    coalesce((select pg_catalog.has_schema_privilege(s.oid, 'USAGE') from s)
      and (select pg_catalog.has_table_privilege(t.oid, 'SELECT') and pg_catalog.has_table_privilege(t.oid, 'INSERT')
        and pg_catalog.has_table_privilege(t.oid, 'UPDATE') and pg_catalog.has_table_privilege(t.oid, 'DELETE') from t), false) as "mayWrite",
    array(
      select pg_catalog.format('schema ${SCHEMA} belongs to %I', pg_catalog.pg_get_userbyid(s.nspowner)) from s where s.nspowner not in (select oid from trusted)
      union all select pg_catalog.format('table ${TABLE} belongs to %I', pg_catalog.pg_get_userbyid(t.relowner)) from t where t.relowner not in (select oid from trusted)
      union all select pg_catalog.format('%s has CREATE on schema ${SCHEMA}', ${GRANTEE})
        from s cross join lateral pg_catalog.aclexplode(s.nspacl) a where a.privilege_type = 'CREATE' and a.grantee not in (select oid from trusted)
      union all select pg_catalog.format('%s has %s on table ${TABLE}', ${GRANTEE}, a.privilege_type)
        from t cross join lateral pg_catalog.aclexplode(t.relacl) a where a.privilege_type <> 'SELECT' and a.grantee not in (select oid from trusted)
      union all select pg_catalog.format('%s has %s on column %I of table ${TABLE}', ${GRANTEE}, a.privilege_type, c.attname)
        from t join pg_catalog.pg_attribute c on c.attrelid = t.oid cross join lateral pg_catalog.aclexplode(c.attacl) a
        where a.privilege_type <> 'SELECT' and a.grantee not in (select oid from trusted)
      union all select pg_catalog.format('%I may write every table (pg_write_all_data) and connect to this database', r.rolname) from t, pg_catalog.pg_roles r
        where r.rolcanlogin and r.oid not in (select oid from trusted) and pg_catalog.pg_has_role(r.oid, 'pg_write_all_data', 'MEMBER')
          and pg_catalog.has_database_privilege(r.oid, pg_catalog.current_database(), 'CONNECT')
    ) as strangers`;

/** Opens the record, creating it if it is missing; returns false if it cannot be kept. Refuses a record that other roles could write. */
export async function openRecord(client: Client, database: string): Promise<boolean> {
  const find = async (): Promise<Found> => first((await client.query<Found>(FIND)).rows);
  let found = await find();
  if (found.strangers.length > 0) throw writtenByStrangers(database, found.strangers);
  if (!found.table) {
    if (!(found.schema ? found.mayCreateTable : found.mayCreateSchema)) return false;
    // One message is one transaction.
    await client.query(`${found.schema ? "" : `CREATE SCHEMA ${SCHEMA};`} ${CREATE_TABLE}`);
    found = await find();
    if (found.strangers.length > 0) throw writtenByStrangers(database, found.strangers);
  }
  return found.mayWrite;
}

function writtenByStrangers(database: string, strangers: readonly string[]): ExplainedError {
  const problems = strangers.map((value): Explanation => {
    const fix = `let only the admin user and superusers own and write ${TABLE}; it says what may be dropped`;
    return {
      path: `database ${ident(database)}`,
      problem: "the record of ownership can be written by others",
      value,
      fix,
    };
  });
  return new ExplainedError(problems);
}
