import { required } from "@pgharbor/core";
import type { Client } from "pg";
import { readLeftCode, readLeftovers, readPolicyOwners } from "../catalog/leaving";
import { readPassedOn } from "../catalog/passed-on-rights";
import type { CatalogDatabase } from "../catalog/types";
import type { PlanContext } from "../diff/context";
import { heirName } from "../ownership/heir";
import { type Departure, type Leaving } from "../diff/leave";
import { type Explanation } from "../errors";
import { ident } from "../quote";
import { maintenanceDatabase } from "./connect";
import { foreignEventTriggers } from "./event-triggers";
import type { AdminSession } from "./session";

/** State of leaving roles in one database, with warnings and problems. */
export interface SeenDeparture extends Departure {
  /** The new owner of their objects. */
  heir: string;
  code: readonly string[];
  problems: readonly Explanation[];
}

export async function readDeparture(
  session: AdminSession,
  ctx: PlanContext,
  client: Client,
  { name: database, oid }: CatalogDatabase,
  leaving: readonly Leaving[],
): Promise<SeenDeparture> {
  const all = leaving.map((l) => l.role);
  const owners = leaving.filter((l) => l.owns).map((l) => l.role);
  const heir = ctx.options.reassignOwnedTo ?? heirName(required(oid, `the oid of ${database}`));
  const leftovers = await readLeftovers(client, owners, heir);
  const inMaintenance = database === maintenanceDatabase(session.target);
  return {
    database,
    leaving,
    heir,
    leftovers,
    passedOn: [
      ...(await readPassedOn(client, all, "database")),
      ...(inMaintenance ? await readPassedOn(client, all, "shared") : []),
    ],
    policyOwners: await readPolicyOwners(client, all),
    problems: await foreignEventTriggers(client, database, leftovers.eventTriggers),
    code: await readLeftCode(client, owners),
  };
}

export function superuserProblems(
  { cluster: { server } }: PlanContext,
  { database, leftovers }: Departure,
): Explanation[] {
  if (server.superuser) return [];
  const problems = (kind: string, names: readonly string[], to = "a superuser"): Explanation[] =>
    names.map((name) => ({
      path: `databases.${database}`,
      problem: `a role to be dropped owns ${kind}, which only a superuser may hand over`,
      value: name,
      fix: `run, as a superuser in that database: ALTER ${kind.replace(/^an? /, "").toUpperCase()} ${ident(name)} OWNER TO ${to}`,
    }));
  return [
    ...problems("an event trigger", leftovers.eventTriggers),
    ...problems("a foreign data wrapper", leftovers.foreignDataWrappers),
    ...problems("a subscription", leftovers.subscriptions),
    ...problems("a foreign server", leftovers.foreignServers, "its next owner"),
  ];
}
