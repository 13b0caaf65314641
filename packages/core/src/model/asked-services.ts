import { ports } from "../ports";
import type { Read } from "../read/read";
import type { ClusterSpec, ServiceSpec } from "../spec";
import { definedOnly } from "../spec/defined-only";

/** A service that can be planned. Its other fields may be missing because they could not be read, which is reported elsewhere. */
export type AskedService = Read<ServiceSpec> & Pick<ServiceSpec, "name" | "port">;

/** The four default services of every cluster, as Pigsty defines them. */
export const defaultServices: ServiceSpec[] = [
  { name: "primary", port: ports.service.primary, destination: "pgbouncer", checkPath: "/primary", selector: "[]" },
  {
    name: "replica",
    port: ports.service.replica,
    destination: "pgbouncer",
    checkPath: "/read-only",
    // Pigsty uses []: it has no delayed members within a cluster.
    selector: "[? pg_role != `delayed`]",
    selectorBackup: "[? pg_role == `primary` || pg_role == `offline`]",
  },
  { name: "default", port: ports.service.default, destination: "postgres", checkPath: "/primary", selector: "[]" },
  {
    name: "offline",
    port: ports.service.offline,
    destination: "postgres",
    checkPath: "/replica",
    selector: "[? pg_role == `offline` || pg_offline_query]",
    selectorBackup: "[? pg_role == `replica` && !pg_offline_query]",
  },
];

/** The requested services: the defaults with the program's changes, then the program's own. */
export function askedServices(spec: Read<ClusterSpec>): AskedService[] {
  const own = (spec.services ?? []).filter(canBePlanned);
  const kept = keptDefaults(spec);
  const changed = kept.map((d) => ({ ...d, ...definedOnly(own.find((s) => s.name === d.name)) }));
  return [...changed, ...own.filter((s) => !kept.some((d) => d.name === s.name))];
}

export const keptDefaults = (spec: Read<ClusterSpec>): ServiceSpec[] =>
  defaultServices.filter((d) => spec.defaultServices?.includes(d.name) ?? true);

const canBePlanned = (service: Read<ServiceSpec> | undefined): service is AskedService =>
  service?.name !== undefined && service.port !== undefined;
