import type { Client } from "pg";
import { readForeignEventTriggers } from "../catalog/leaving";
import type { Explanation } from "../errors";
import { ident } from "../quote";

/** Finds event triggers with another role's function, which would run in the admin's session, with the admin's rights. */
export async function foreignEventTriggers(
  client: Client,
  database: string,
  except: readonly string[] = [],
): Promise<Explanation[]> {
  const found = (await readForeignEventTriggers(client)).filter(({ name }) => !except.includes(name));
  return found.map(({ name, owner }): Explanation => {
    const problem =
      "an event trigger runs a function of somebody else whenever something is changed here, also by the admin user";
    const fix = `disable it (ALTER EVENT TRIGGER ${ident(name)} DISABLE), or give its function to a superuser`;
    return { path: `databases.${database}`, problem, value: `${name}, whose function belongs to ${owner}`, fix };
  });
}
