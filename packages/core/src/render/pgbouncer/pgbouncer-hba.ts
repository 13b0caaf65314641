import { systemUsers } from "../../names";
import { addressesOf, hbaTitle, poolerRules } from "../../model/hba";
import type { ClusterModel } from "../../model/types";
import { HbaAuth, type HbaRuleSpec } from "../../spec";
import { hbaLine, type HbaLine } from "../postgres/hba-line";
import { banner } from "../text/banner";

/**
 * PgBouncer's hba file: it sees clients' addresses, PostgreSQL sees HAProxy's. A client without a matching line is refused.
 * https://www.pgbouncer.org/config.html#hba-file-format
 */
export const renderPgbouncerHba = (model: ClusterModel, service: string): string =>
  [
    banner("#").trimEnd(),
    "# the console: hooks come from members, the watchdog by the socket",
    hbaLine({ type: "local", ...console, method: "scram-sha-256" }),
    hbaLine({ type: "hostssl", ...console, address: "all", method: "scram-sha-256" }),
    hbaLine({ ...console, type: "host", users: ["all"], address: "all", method: "reject" }),
    ...poolerRules(model.hba, service).flatMap((rule) => [`# ${hbaTitle(rule)}`, ...lines(rule).map(hbaLine)]),
    "# everyone else",
    hbaLine({ type: "hostssl", databases: ["all"], users: ["all"], address: "all", method: "scram-sha-256" }),
    "",
  ].join("\n");

const console = { databases: ["pgbouncer"], users: [systemUsers.poolerConsole] } as const;

function lines({ user, db, addr, auth }: HbaRuleSpec): HbaLine[] {
  const how =
    auth === HbaAuth.Deny
      ? ({ type: "host", method: "reject" } as const)
      : ({ type: "hostssl", method: "scram-sha-256" } as const);
  const addresses = addr === "world" ? ["all"] : addressesOf(addr);
  return addresses.map((address) => ({ ...how, databases: [db], users: [user], address }));
}
