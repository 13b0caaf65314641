import { ports } from "../ports";
import type { ServiceSpec } from "../spec";

/** `/` is Patroni's short form of `/primary`. */
const primaryChecks = ["/", "/primary", "/master", "/read-write", "/leader"];

const namedPorts: Record<string, number> = {
  postgres: ports.postgres,
  pgbouncer: ports.postgres, // the pooler stands in front of HAProxy; behind it is Postgres
  patroni: ports.patroni,
  pg_exporter: ports.pgExporter,
};
export const portNumber = (nameOrNumber: string): number => namedPorts[nameOrNumber] ?? Number(nameOrNumber);

/** Whether only the primary can pass the service's check. */
export const followsPrimary = (spec: ServiceSpec): boolean =>
  portNumber(spec.checkPort ?? "patroni") === ports.patroni &&
  primaryChecks.includes((spec.checkPath ?? "/").split("?")[0] ?? "");
export const isPooled = (spec: ServiceSpec): boolean => (spec.destination ?? "pgbouncer") === "pgbouncer";
