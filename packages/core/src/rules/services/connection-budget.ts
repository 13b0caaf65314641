import { show, type Problem } from "../../errors";
import {
  count,
  letThrough,
  LOOKUPS,
  PER_MEMBER,
  RESERVED,
  reservedConnections,
  sides,
  SUPERUSER,
  type Claim,
  type Side,
  type Taken,
} from "../../model/connection-budget";
import { isDnsLabel } from "../shared/patterns";

/** A service with a connection limit, and the path of the limit. */
export type Budgeted = Taken & Pick<Claim, "path" | "written"> & Partial<Pick<Claim, "at">>;

/** Limits that exceed one member's connections, with a fix. `limitOwner`: owner of the limit to lower, for the message. */
export function checkBudget(
  maxConnections: number,
  members: number,
  services: readonly Budgeted[],
  limitOwner?: string,
): Problem[] {
  const problems = sides.flatMap((side) => checkSide(side, maxConnections, members, services, limitOwner));
  // A limit that both sides share is one problem.
  return problems.filter((problem, i) => problems.findIndex((other) => other.path === problem.path) === i);
}

function checkSide(
  side: Side,
  maxConnections: number,
  members: number,
  services: readonly Budgeted[],
  limitOwner?: string,
): Problem[] {
  const here = services.flatMap((one) => {
    const limit = one.limits[side];
    return limit === undefined ? [] : [{ ...one, limit }];
  });
  const reserved = reservedConnections(members);
  const needed = reserved + letThrough(side, here);
  if (needed <= maxConnections) return [];
  const parts = here.map((one) => `${shownName(one.service)} ${one.gateways} × ${figure(one, one.limit)}`);
  return [
    {
      path: here.find(({ path }) => path !== undefined)?.path ?? "parameters.max_connections",
      message:
        `${parts.join(" + ")} connections may be open to a ${side}, and ${reserved} are reserved ` +
        `(${SUPERUSER} superuser + ${PER_MEMBER} × ${members} members + ${RESERVED} admin and hooks): ${needed} in all, ` +
        `but max_connections is ${maxConnections}; ${lowerHint(side, maxConnections - reserved, here, limitOwner)}raise parameters.max_connections to "${needed}"`,
    },
  ];
}

/** Shows an invalid name like any other value. */
const shownName = (service: string): string => (isDnsLabel(service) ? service : show(service));
const figure = ({ pooled }: Budgeted, limit: number): string =>
  pooled ? `(${limit - LOOKUPS} + ${LOOKUPS} for passwords)` : `${limit}`;

function lowerHint(side: Side, available: number, here: readonly Budgeted[], limitOwner?: string): string {
  const written = here.filter((one) => one.written !== undefined && one.at?.[side] !== "fallback");
  const others = here.filter((one) => !written.includes(one));
  const rest = available - letThrough(side, others);
  const lookups = written.some(({ pooled }) => pooled) ? LOOKUPS : 0;
  const share = Math.floor(rest / count(written)) - lookups;
  if (written.length === 0 || share < 1) return "";
  const what = [
    ...(written.some(({ pooled }) => pooled) ? ["maxDbConnections"] : []),
    ...(written.some(({ pooled }) => !pooled) ? ["haproxy.maxconn"] : []),
  ].join(" and ");
  return `lower ${what}${limitOwner === undefined ? "" : ` ${limitOwner}`} to ${share}, or `;
}
