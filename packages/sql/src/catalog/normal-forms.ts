import { first } from "@pgharbor/core";
import { literal } from "../quote";
import type { Queryable } from "./query";
import type { NormalForms, ServerInfo } from "./types";

/** The server's spelling of encodings and ICU locales, which have many spellings. */
export async function readNormalForms(
  client: Queryable,
  server: ServerInfo,
  { encodings, icuLocales }: { encodings: readonly string[]; icuLocales: readonly string[] },
): Promise<NormalForms> {
  const forms: NormalForms = { encodings: new Map(), icuLocales: new Map() };
  if (encodings.length > 0) {
    const { rows } = await client.query<{ name: string; form: string }>(
      `select name, pg_catalog.pg_encoding_to_char(pg_catalog.pg_char_to_encoding(name::name)) as form
      from unnest($1::text[]) as want(name)`,
      [encodings],
    );
    for (const { name, form } of rows) if (form !== "") forms.encodings.set(name, form);
  }
  // Before 16 an ICU locale was stored as written.
  if (icuLocales.length > 0 && server.version >= 160000) {
    const found = await icuForms(client, server.version >= 170000 ? "colllocale" : "colliculocale", icuLocales);
    icuLocales.forEach(
      (name, i) => found[i] !== null && found[i] !== undefined && forms.icuLocales.set(name, found[i]),
    );
  }
  return forms;
}

/**
 * No function returns the form of an ICU locale, but CREATE COLLATION stores it. Each collation is rolled back at once, which the variable
 * survives. The result is empty if the admin may not create one, or the server has no ICU.
 */
async function icuForms(client: Queryable, column: string, locales: readonly string[]): Promise<(string | null)[]> {
  const body = `
    declare locale text; form text; forms text[] := '{}';
    begin
      foreach locale in array array[${locales.map(literal).join(", ")}]::text[] loop
        form := null;
        begin
          execute pg_catalog.format('create collation pg_temp.pgharbor_form (provider = icu, locale = %L)', locale);
          select ${column} into form from pg_catalog.pg_collation
            where collname = 'pgharbor_form' and collnamespace = pg_catalog.pg_my_temp_schema();
          raise exception 'the form is known';
        exception when others then null;
        end;
        forms := pg_catalog.array_append(forms, form);
      end loop;
      perform pg_catalog.set_config('pgharbor.icu_forms', pg_catalog.array_to_json(forms)::text, false);
    end`;
  try {
    await client.query(`do ${literal(body)}`);
  } catch {
    return [];
  }
  const { rows } = await client.query<{ forms: string }>(
    `select current_setting('pgharbor.icu_forms') as forms, pg_catalog.set_config('pgharbor.icu_forms', '', false)`,
  );
  return JSON.parse(first(rows).forms) as (string | null)[];
}
