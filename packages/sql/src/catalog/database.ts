import { type CatalogObject, type DatabaseCatalog, emptyDatabaseCatalog } from "./types";
import { readDefaultPrivileges } from "./default-privileges";
import { findFunctions } from "./functions";
import { addPrivilege, grantedBy, OTHER_GRANTOR, privilegeKey, type Queryable } from "./query";

/** Names to read in one database. */
export interface DatabaseNames {
  schemas: readonly string[];
  extensions: readonly string[];
  /** Schemas of which all tables and sequences, or all functions, are read. */
  allRelationsIn: readonly string[];
  allFunctionsIn: readonly string[];
  relations: readonly { schema: string; name: string }[];
  functions: readonly { schema: string; name: string }[];
  types: readonly { schema: string; name: string }[];
  languages: readonly string[];
  foreignServers: readonly string[];
  foreignDataWrappers: readonly string[];
  grantees: readonly string[];
  /** Creating roles of default privileges. */
  creators: readonly string[];
}

interface ObjectRow extends CatalogObject {
  column: string;
  grantee: string | null;
  grantor: string | null;
  privilege: string | null;
  grantable: boolean | null;
  /** The declaration's spelling, for functions. */
  spelling: string | null;
}

/**
 * Turns a query of (kind, schema, name, sqlname, owner, col, acl, ext, namespaces) into one row for each privilege of the wanted grantees, or one row
 * without.
 */
const withPrivileges = (objects: string, spelling = "null::text"): string => `
  select o.kind, o.schema, o.name, o.sqlname as "sqlName", o.ext as "ofExtension", w.rolname as owner, o.col as "column", ${spelling} as spelling,
    coalesce(g.rolname, case when a.grantee = 0 then 'public' end) as grantee, a.privilege_type as privilege, a.is_grantable as grantable,
    ${OTHER_GRANTOR},
    coalesce((select pg_catalog.json_agg(pg_catalog.json_build_object('schema', n.nspname, 'schemaOwner', so.rolname) order by n.nspname)
      from pg_catalog.pg_namespace n join pg_catalog.pg_roles so on so.oid = n.nspowner
      where n.oid = any(o.namespaces) and not pg_catalog.has_schema_privilege(o.owner, n.oid, 'USAGE')), '[]') as "hiddenBy"
  from (${objects}) o join pg_catalog.pg_roles w on w.oid = o.owner join pg_catalog.pg_roles me on me.rolname = current_user
    left join lateral (
      select x.* from pg_catalog.aclexplode(o.acl) x left join pg_catalog.pg_roles r on r.oid = x.grantee
      where coalesce(r.rolname, 'public') = any($1)
    ) a on true
    left join pg_catalog.pg_roles g on g.oid = a.grantee
    left join pg_catalog.pg_roles by on by.oid = a.grantor`;

const pairs = (list: readonly { schema: string; name: string }[]): [string[], string[]] => [
  list.map((o) => o.schema),
  list.map((o) => o.name),
];

const NAMED_OBJECTS = withPrivileges(`
  select 'schema' as kind, '' as schema, nspname::text as name, null::text as sqlname, nspowner as owner, '' as col, false as ext,
      coalesce(nspacl, pg_catalog.acldefault('n', nspowner)) as acl, '{}'::pg_catalog.oid[] as namespaces from pg_catalog.pg_namespace where nspname = any($2)
  union all select 'language', '', lanname, null, lanowner, '', false, coalesce(lanacl, pg_catalog.acldefault('l', lanowner)), '{}'
    from pg_catalog.pg_language where lanname = any($3)
  union all select 'foreignServer', '', srvname, null, srvowner, '', false, coalesce(srvacl, pg_catalog.acldefault('S', srvowner)), '{}'
    from pg_catalog.pg_foreign_server where srvname = any($4)
  union all select 'foreignDataWrapper', '', fdwname, null, fdwowner, '', false, coalesce(fdwacl, pg_catalog.acldefault('F', fdwowner)), '{}'
    from pg_catalog.pg_foreign_data_wrapper where fdwname = any($5)
  union all select 'type', n.nspname, typname, null, typowner, '', false, coalesce(typacl, pg_catalog.acldefault('T', typowner)), array[typnamespace]
    from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
    join unnest($6::text[], $7::text[]) as want(s, n) on want.s = n.nspname and want.n = t.typname`);

const ofExtension = (catalog: string, oid: string): string =>
  `exists (select from pg_catalog.pg_depend where classid = '${catalog}'::regclass and objid = ${oid} and deptype = 'e')`;

const RELATIONS = withPrivileges(`
  with rel as (
    select c.oid, ${ofExtension("pg_catalog.pg_class", "c.oid")} as ext, c.relkind, c.relowner, c.relacl, c.relnamespace, n.nspname, c.relname,
      case c.relkind when 'S' then 'sequence' else 'table' end as kind
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      left join unnest($3::text[], $4::text[]) as want(s, n) on want.s = n.nspname and want.n = c.relname
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and (n.nspname = any($2) or want.n is not null)
  )
  select kind, nspname::text as schema, relname::text as name, null::text as sqlname, relowner as owner, '' as col, ext,
    coalesce(relacl, pg_catalog.acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner)) as acl,
    array[relnamespace] as namespaces from rel
  union all select kind, nspname, relname, null, relowner, attname, ext, attacl, array[relnamespace]
    from rel join pg_catalog.pg_attribute on attrelid = rel.oid and attnum > 0 and not attisdropped where attacl is not null`);

/** A function's name is the server's, whatever the declaration's spelling. */
const FUNCTIONS = withPrivileges(
  `
  select 'function' as kind, n.nspname::text as schema, p.oid::regprocedure::text as name, p.oid::regprocedure::text as sqlname, want.n as spelling,
    p.proowner as owner, '' as col, ${ofExtension("pg_catalog.pg_proc", "p.oid")} as ext,
    coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner)) as acl,
    p.pronamespace || array(select typnamespace from pg_catalog.pg_type t where t.oid = any(p.proargtypes)) as namespaces
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    left join unnest($3::oid[], $4::text[]) as want(oid, n) on want.oid = p.oid
  where n.nspname = any($2) or want.n is not null`,
  "o.spelling",
);

function addRows(catalog: DatabaseCatalog, rows: readonly ObjectRow[]): void {
  const seen = new Map(catalog.objects.map((o) => [JSON.stringify([o.kind, o.schema, o.name]), o]));
  for (const row of rows) {
    const { kind, schema, name, owner, sqlName, ofExtension } = row;
    const key = JSON.stringify([kind, schema, name]);
    const object: CatalogObject = seen.get(key) ?? {
      kind,
      schema,
      name,
      owner,
      ofExtension,
      ...(sqlName ? { sqlName } : {}),
      ...(row.hiddenBy !== undefined && row.hiddenBy.length > 0 ? { hiddenBy: row.hiddenBy } : {}),
    };
    if (!seen.has(key)) catalog.objects.push(object);
    seen.set(key, object);
    const spellings = object.spellings ?? [];
    if (row.spelling !== null && !spellings.includes(row.spelling)) object.spellings = [...spellings, row.spelling];
    if (kind === "schema") catalog.schemas.set(name, { owner });
    if (row.grantee !== null && row.privilege !== null) {
      addPrivilege(
        catalog.privileges,
        privilegeKey(kind, schema, name, row.column, row.grantee, row.privilege),
        grantedBy(row.grantor, row.grantable === true, row.grantee === owner),
      );
    }
  }
}

/** Reads the objects of one database. The session must have an empty search_path, so that functions get their full names. */
export async function readDatabaseCatalog(client: Queryable, names: DatabaseNames): Promise<DatabaseCatalog> {
  const catalog = emptyDatabaseCatalog();
  const extensions = await client.query<{ name: string; schema: string; version: string }>(
    `select extname as name, nspname as schema, extversion as version
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace where extname = any($1)`,
    [names.extensions],
  );
  for (const { name, schema, version } of extensions.rows) catalog.extensions.set(name, { schema, version });
  const read = async (sql: string, ...values: unknown[]): Promise<void> =>
    addRows(catalog, (await client.query<ObjectRow>(sql, [names.grantees, ...values])).rows);
  const { languages, foreignServers, foreignDataWrappers } = names;
  await read(NAMED_OBJECTS, names.schemas, languages, foreignServers, foreignDataWrappers, ...pairs(names.types));
  if (names.allRelationsIn.length + names.relations.length > 0) {
    await read(RELATIONS, names.allRelationsIn, ...pairs(names.relations));
  }
  if (names.allFunctionsIn.length + names.functions.length > 0) {
    const named = await findFunctions(client, names.functions);
    await read(
      FUNCTIONS,
      names.allFunctionsIn,
      named.map((f) => f.oid),
      named.map((f) => f.name),
    );
  }
  await readDefaultPrivileges(client, names, catalog.defaultPrivileges);
  return catalog;
}
