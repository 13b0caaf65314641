import { ports } from "../ports";
import type { ServiceSpec } from "../spec";

/** The path of a check without its query. `/` is Patroni's short form of `/primary`. */
export const pathOf = (checkPath = "/"): string => checkPath.split("?")[0] ?? "";

/** Patroni returns 200 for these only on a primary; for `/leader` also on the leader of a standby cluster. */
export const primaryPaths = ["/", "/primary", "/master", "/read-write"];

const namedPorts: Record<string, number> = {
  postgres: ports.postgres,
  pgbouncer: ports.postgres, // the pooler is in front of HAProxy, and Postgres behind it
  patroni: ports.patroni,
  pg_exporter: ports.pgExporter,
};
export const portNumber = (nameOrNumber: string): number => namedPorts[nameOrNumber] ?? Number(nameOrNumber);

/** True if only the primary can pass the service's check. */
export const followsPrimary = (spec: Pick<ServiceSpec, "checkPort" | "checkPath">): boolean =>
  portNumber(spec.checkPort ?? "patroni") === ports.patroni &&
  [...primaryPaths, "/leader"].includes(pathOf(spec.checkPath));

export const isPooled = (spec: Pick<ServiceSpec, "destination">): boolean =>
  (spec.destination ?? "pgbouncer") === "pgbouncer";
