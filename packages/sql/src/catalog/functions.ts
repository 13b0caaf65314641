import { first } from "@pgharbor/core";
import { literal } from "../quote";
import type { Queryable } from "./query";

/** A declared function that exists on the server. */
export interface FoundFunction {
  oid: number;
  schema: string;
  /** In the declaration's spelling. */
  name: string;
}

interface Candidate {
  oid: number;
  schema: string;
  name: string;
  types: string[];
  typeNames: string[];
}

/**
 * Finds the functions written as `MyFunc(integer, text[])`: the exact name, like a table's, and the types in SQL. to_regprocedure() needs
 * USAGE on the schema, which an admin may lack.
 */
export async function findFunctions(
  client: Queryable,
  functions: readonly { schema: string; name: string }[],
): Promise<FoundFunction[]> {
  const written = functions.flatMap(({ schema, name }) => {
    const [, bare, types = ""] = /^([^()]+)\((.*)\)$/s.exec(name) ?? [];
    return bare === undefined ? [] : [{ schema, name, bare: bare.trimEnd(), types: splitTypes(types) }];
  });
  if (written.length === 0) return [];
  const types = await readTypes(client, [...new Set(written.flatMap((f) => f.types))]);
  const { rows } = await client.query<Candidate>(
    `select p.oid, n.nspname as schema, p.proname as name, p.proargtypes::oid[]::text[] as types,
      array(select pg_catalog.format_type(t, null) from unnest(p.proargtypes) with ordinality a(t, i) order by i) as "typeNames"
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where (n.nspname, p.proname) in (select s, f from unnest($1::text[], $2::text[]) as want(s, f))`,
    [written.map((f) => f.schema), written.map((f) => f.bare)],
  );
  const candidates = new Map<string, Candidate[]>();
  const key = (schema: string, name: string): string => JSON.stringify([schema, name]);
  for (const c of rows) candidates.set(key(c.schema, c.name), [...(candidates.get(key(c.schema, c.name)) ?? []), c]);
  return written.flatMap(({ schema, name, bare, types: wanted }) => {
    const isIt = (c: Candidate): boolean =>
      c.types.length === wanted.length &&
      wanted.every((type, i) => (types.has(type) ? types.get(type) === c.types[i] : type === c.typeNames[i]));
    const found = candidates.get(key(schema, bare))?.find(isIt);
    return found ? [{ oid: Number(found.oid), schema, name }] : [];
  });
}

/** `numeric(10, 2), "a, b"` contains two types. */
function splitTypes(list: string): string[] {
  if (list.trim() === "") return [];
  const types: string[] = [];
  let from = 0;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at <= list.length; at++) {
    const c = list[at];
    if (c === '"') quoted = !quoted;
    else if (!quoted && (c === "(" || c === "[")) depth++;
    else if (!quoted && (c === ")" || c === "]")) depth--;
    if (at < list.length && (c !== "," || quoted || depth > 0)) continue;
    types.push(list.slice(from, at).trim());
    from = at + 1;
  }
  return types;
}

/**
 * The oids of types that this admin may look up. Other types must be written with the server's name. Each lookup is a
 * separate block that catches errors, because an unknown type raises one.
 */
async function readTypes(client: Queryable, types: readonly string[]): Promise<Map<string, string>> {
  if (types.length === 0) return new Map();
  const body = `
    declare type text; found oid; oids oid[] := '{}';
    begin
      foreach type in array array[${types.map(literal).join(", ")}]::text[] loop
        begin
          found := pg_catalog.to_regtype(type);
        exception when others then found := null;
        end;
        oids := pg_catalog.array_append(oids, found);
      end loop;
      perform pg_catalog.set_config('pgharbor.types', pg_catalog.array_to_json(oids)::text, false);
    end`;
  await client.query(`do ${literal(body)}`);
  const { rows } = await client.query<{ oids: string }>(
    `select current_setting('pgharbor.types') as oids, pg_catalog.set_config('pgharbor.types', '', false)`,
  );
  const oids = JSON.parse(first(rows).oids) as (number | string | null)[];
  return new Map(types.flatMap((type, i) => (oids[i] == null ? [] : [[type, String(oids[i])] as const])));
}
