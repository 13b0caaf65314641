import { required } from "@pgharbor/core";
import type { Client } from "pg";
import { readLeftCode, readLeftovers, readPolicyOwners } from "../catalog/leaving";
import type { CatalogDatabase } from "../catalog/types";
import type { PlanContext } from "../diff/context";
import { heirName } from "../ownership/heir";
import { type Departure, type Leaving } from "../diff/leave";
import { type Explanation } from "../errors";
import { ident } from "../quote";
import { foreignEventTriggers } from "./event-triggers";

/** State of leaving roles in one database, with warnings and problems. */
export interface SeenDeparture extends Departure {
  /** The new owner of their objects. */
  heir: string;
  code: readonly string[];
  problems: readonly Explanation[];
}

/** Roles that own something leave one at a time, each with a separate heir. */
const heirOf = (database: number, leaving: readonly Leaving[]): string =>
  heirName(database, leaving.find((l) => l.owns)?.oid ?? 0);

export async function readDeparture(
  ctx: PlanContext,
  client: Client,
  { name: database, oid }: CatalogDatabase,
  leaving: readonly Leaving[],
): Promise<SeenDeparture> {
  const all = leaving.map((l) => l.role);
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const heir = ctx.options.reassignOwnedTo ?? heirOf(required(oid, `the oid of ${database}`), leaving);
  const leftovers = await readLeftovers(client, owners, heir);
  return {
    database,
    leaving,
    heir,
    leftovers,
    policyOwners: await readPolicyOwners(client, all),
    problems: await foreignEventTriggers(client, database, leftovers.eventTriggers),
    code: await readLeftCode(client, owners),
  };
}

export function superuserProblems(
  { cluster: { server } }: PlanContext,
  { database, leftovers, heir }: SeenDeparture,
): Explanation[] {
  if (server.superuser) return [];
  const schemas = leftovers.schemas
    .filter(({ ofSuperuser }) => ofSuperuser)
    .map(({ name }) => ({
      path: `databases.${database}`,
      problem:
        "a role to be dropped owns functions or types in a superuser's schema, where its successor may create nothing",
      value: name,
      fix: `run, as a superuser in that database: GRANT CREATE ON SCHEMA ${ident(name)} TO ${ident(heir)}, or drop what it owns there`,
    }));
  const problems = (kind: string, names: readonly string[], to = "a superuser"): Explanation[] =>
    names.map((name) => ({
      path: `databases.${database}`,
      problem: `a role to be dropped owns ${kind}, which only a superuser may hand over`,
      value: name,
      fix: `run, as a superuser in that database: ALTER ${kind.replace(/^an? /, "").toUpperCase()} ${ident(name)} OWNER TO ${to}`,
    }));
  return [
    ...schemas,
    ...problems("an event trigger", leftovers.eventTriggers),
    ...problems("a foreign data wrapper", leftovers.foreignDataWrappers),
    ...problems("a subscription", leftovers.subscriptions),
    ...problems("a foreign server", leftovers.foreignServers, "its next owner"),
  ];
}
