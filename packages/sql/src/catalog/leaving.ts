import { first } from "@pgharbor/core";
import type { Client } from "pg";

/** Objects of leaving roles that only a superuser may own or hand over, or that run in other users' sessions. */
export interface Leftovers {
  eventTriggers: string[];
  foreignDataWrappers: string[];
  subscriptions: string[];
  foreignServers: string[];
  /** True if the heir needs CREATE on the database, like owners of publications. */
  publications: boolean;
  /** Schemas in which the heir needs CREATE, for objects that are no relations. Their owners grant it. */
  schemas: { name: string; owner: string; ofSuperuser: boolean }[];
}

export const noLeftovers: Leftovers = {
  eventTriggers: [],
  foreignDataWrappers: [],
  subscriptions: [],
  foreignServers: [],
  publications: false,
  schemas: [],
};

/** Databases and tablespaces of leaving roles: REASSIGN OWNED in any database would hand all of them to one heir. */
export async function readSharedObjectsOf(
  client: Client,
  roles: readonly string[],
): Promise<{ kind: "database" | "tablespace"; name: string; owner: string }[]> {
  const { rows } = await client.query<{ kind: "database" | "tablespace"; name: string; owner: string }>(
    `select 'database' as kind, d.datname::text as name, r.rolname::text as owner
      from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba where r.rolname = any($1)
    union all select 'tablespace', t.spcname, r.rolname
      from pg_catalog.pg_tablespace t join pg_catalog.pg_roles r on r.oid = t.spcowner where r.rolname = any($1)
    order by 1, 2`,
    [roles],
  );
  return rows;
}

/** Objects in schemas for which REASSIGN OWNED checks the new owner's CREATE. It does not for relations. */
const IN_SCHEMAS = [
  ["pg_proc", "pronamespace", "proowner"],
  ["pg_type", "typnamespace", "typowner"],
  ["pg_operator", "oprnamespace", "oprowner"],
  ["pg_opclass", "opcnamespace", "opcowner"],
  ["pg_opfamily", "opfnamespace", "opfowner"],
  ["pg_collation", "collnamespace", "collowner"],
  ["pg_conversion", "connamespace", "conowner"],
  ["pg_ts_config", "cfgnamespace", "cfgowner"],
  ["pg_ts_dict", "dictnamespace", "dictowner"],
  ["pg_statistic_ext", "stxnamespace", "stxowner"],
]
  .map(
    ([catalog, namespace, owner]) => `select ${namespace} as namespace, ${owner} as owner from pg_catalog.${catalog}`,
  )
  .join(" union all ");

/** Objects in this database that need more than REASSIGN OWNED. The heir need not exist yet. */
export async function readLeftovers(client: Client, roles: readonly string[], heir: string): Promise<Leftovers> {
  const { rows } = await client.query<Leftovers>(
    `with leaving as (select oid from pg_catalog.pg_roles where rolname = any($1)),
      heir as (select oid from pg_catalog.pg_roles where rolname = $2)
    select array(select evtname::text from pg_catalog.pg_event_trigger where evtowner in (select oid from leaving)
        or evtfoid in (select oid from pg_catalog.pg_proc where proowner in (select oid from leaving)) order by 1) as "eventTriggers",
      array(select fdwname::text from pg_catalog.pg_foreign_data_wrapper where fdwowner in (select oid from leaving) order by 1) as "foreignDataWrappers",
      array(select subname::text from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
        where d.datname = pg_catalog.current_database() and subowner in (select oid from leaving) order by 1) as subscriptions,
      array(select srvname::text from pg_catalog.pg_foreign_server where srvowner in (select oid from leaving) order by 1) as "foreignServers",
      exists (select from pg_catalog.pg_publication where pubowner in (select oid from leaving))
        and not exists (select from heir where pg_catalog.has_database_privilege(oid, pg_catalog.current_database(), 'CREATE')) as publications,
      coalesce((
        select pg_catalog.json_agg(pg_catalog.json_build_object('name', n.nspname, 'owner', r.rolname, 'ofSuperuser', r.rolsuper))
        from pg_catalog.pg_namespace n join pg_catalog.pg_roles r on r.oid = n.nspowner
        where n.nspname !~ '^pg_(toast_)?temp_' and n.oid in (select o.namespace from (${IN_SCHEMAS}) o where o.owner in (select oid from leaving))
          and not exists (select from heir where pg_catalog.has_schema_privilege(heir.oid, n.oid, 'CREATE'))
      ), '[]') as schemas`,
    [roles, heir],
  );
  return first(rows);
}

/** Owners of tables whose row security policies name leaving roles: only they can remove the names. */
export async function readPolicyOwners(client: Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ owner: string }>(
    `select distinct pg_catalog.pg_get_userbyid(c.relowner)::text as owner
    from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
    where exists (select from pg_catalog.pg_roles r where r.oid = any(p.polroles) and r.rolname = any($1))`,
    [roles],
  );
  return rows.map(({ owner }) => owner);
}

/** Code of leaving roles that runs automatically, one line each, to be reviewed. */
export async function readLeftCode(client: Client, roles: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `with leaving as (select oid from pg_catalog.pg_roles where rolname = any($1)),
      f as (select oid, prosecdef from pg_catalog.pg_proc where proowner in (select oid from leaving)),
      c as (select oid, relkind from pg_catalog.pg_class where relowner in (select oid from leaving))
    select pg_catalog.format('function %s (SECURITY DEFINER)', f.oid::regprocedure) as line from f where prosecdef
    union all select pg_catalog.format('event trigger %I, now disabled', evtname) from pg_catalog.pg_event_trigger
      where evtowner in (select oid from leaving) or evtfoid in (select oid from f)
    union all select pg_catalog.format('trigger %I on %s', tgname, tgrelid::regclass) from pg_catalog.pg_trigger
      where not tgisinternal and (tgfoid in (select oid from f) or tgrelid in (select oid from c))
    union all select pg_catalog.format('rule %I on %s', rulename, ev_class::regclass) from pg_catalog.pg_rewrite
      where ev_class in (select oid from c where relkind not in ('v', 'm'))
    union all select pg_catalog.format('view %s', oid::regclass) from c where relkind in ('v', 'm')
    union all select distinct pg_catalog.format('default of %s.%I', a.adrelid::regclass, att.attname)
      from pg_catalog.pg_attrdef a join pg_catalog.pg_attribute att on att.attrelid = a.adrelid and att.attnum = a.adnum
        join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = a.oid and d.refclassid = 'pg_catalog.pg_proc'::regclass
      where d.refobjid in (select oid from f)
    order by 1`,
    [roles],
  );
  return rows.map((r) => r.line);
}

/** Event triggers run in the session of every user who changes something, including the admin. */
export async function readForeignEventTriggers(client: Client): Promise<{ name: string; owner: string }[]> {
  const { rows } = await client.query<{ name: string; owner: string }>(
    `select e.evtname::text as name, f.rolname::text as owner
    from pg_catalog.pg_event_trigger e join pg_catalog.pg_proc p on p.oid = e.evtfoid join pg_catalog.pg_roles f on f.oid = p.proowner
    where e.evtenabled <> 'D' and not f.rolsuper and f.rolname <> current_user order by 1`,
  );
  return rows;
}
