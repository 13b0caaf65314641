import { ports } from "../ports";
import { LOOKUPS, type Claim, type ClaimKind, type Limits } from "./connection-budget";
import { selectServers } from "./select-servers";
import type { Read } from "../read/read";
import type { PoolSpec } from "../spec";
import type { AskedService } from "./asked-services";
import { mergedPool } from "./pool";
import { followsPrimary, isPooled, pathOf, portNumber } from "./service-meaning";
import type { ResolvedMember, ResolvedServer } from "./types";

/** Patroni returns 200 for these only on a standby. */
const replicaChecks = ["/replica", "/async", "/asynchronous", "/sync", "/synchronous", "/quorum"];

/** Connections that a service takes from the members; undefined if it does not lead to Postgres. */
export function claimOf(
  spec: AskedService,
  members: ResolvedMember[],
  { gateways, pool }: { gateways: number; pool?: Read<PoolSpec> },
): Claim | undefined {
  const pooled = isPooled(spec);
  if (!pooled && portNumber(spec.destination ?? "pgbouncer") !== ports.postgres) return undefined;
  const written = pooled ? mergedPool(pool, spec.pool).maxDbConnections : spec.haproxy?.maxconn;
  return { service: spec.name, gateways, pooled, at: sidesOf(spec, members), written };
}

function sidesOf(spec: AskedService, members: ResolvedMember[]): Claim["at"] {
  const kind: ClaimKind = isPooled(spec) ? "pool" : "direct";
  if (followsPrimary(spec)) return { primary: kind };
  const servers = selectServers(members, spec.selector ?? "[]", spec.selectorBackup);
  const onPrimary = servers.filter(({ member, whileRole }) => member.electable && whileRole !== "replica");
  const asksPatroni = portNumber(spec.checkPort ?? "patroni") === ports.patroni;
  const never = asksPatroni && replicaChecks.includes(pathOf(spec.checkPath));
  return {
    ...(never || onPrimary.length === 0
      ? {}
      : { primary: onPrimary.every(({ backup }) => backup) ? ("fallback" as const) : kind }),
    ...(servers.some(({ whileRole }) => whileRole !== "primary") ? { replica: kind } : {}),
  };
}

/** The pooler's default share: the connections its gateway allows, minus those for password lookups. */
export const poolShare = ({ primary = Infinity, replica = Infinity }: Limits, { at }: Pick<Claim, "at">): number =>
  Math.min(at.primary === "fallback" && replica < Infinity ? Infinity : primary, replica) - LOOKUPS;

/** Connections that a gateway allows to one server of a service; undefined if the service does not lead to Postgres. */
export function serverLimit(
  service: { followsPrimary: boolean; limits?: Limits },
  { whileRole }: Pick<ResolvedServer, "whileRole">,
): number | undefined {
  const { primary, replica } = service.limits ?? {};
  if (service.followsPrimary || whileRole === "primary") return primary ?? replica;
  if (whileRole === "replica") return replica ?? primary;
  const both = [primary, replica].filter((limit) => limit !== undefined);
  return both.length === 0 ? undefined : Math.min(...both);
}
