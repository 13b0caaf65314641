import { isIP } from "node:net";
import { aliases, names, NAMESPACE_PLACEHOLDER } from "../names";
import type { ClusterModel } from "../model/types";
import type { PlannedCertificate, PlannedContainer } from "./types";

/** Server certificates for clients: one for each container that terminates a client's TLS, with the names for connecting to it. */
export function planCertificates(model: ClusterModel, containers: PlannedContainer[]): PlannedCertificate[] {
  const bound = [model.bindAddress, ...model.hostnames].filter(
    (a) => !["0.0.0.0", "::", "127.0.0.1", "::1"].includes(a),
  );
  return containers
    .filter(({ program }) => program === "patroni" || program === "pgbouncer")
    .map((container) => ({
      name: container.name,
      dnsNames: [
        ...new Set([
          container.name,
          "localhost",
          ...(container.program === "patroni" ? memberNames(model) : poolerNames(model, container)),
          ...bound.filter((name) => isIP(name) === 0),
        ]),
      ],
      ipAddresses: [...new Set(["127.0.0.1", "::1", ...bound.filter((a) => isIP(a) !== 0)])],
    }));
}

/**
 * HAProxy passes the TLS of direct services through to members, so members' certificates contain service names. It is a wildcard, so that a
 * later service changes no member's certificate. On Kubernetes the narrowest wildcard covers the namespace.
 */
const memberNames = (model: ClusterModel): string[] => [
  ...(model.platform === "docker" ? [aliases.everyService(model.name)] : inNamespace(model, "*")),
  aliases.haproxy(model.name),
];

/** The pooler's own service, and if it follows the primary, its name for the hooks. */
function poolerNames(model: ClusterModel, { networks, ports }: PlannedContainer): string[] {
  const hooks = networks.flatMap((one) => (one.network === "members" ? one.aliases : []));
  const services = ports.flatMap(({ service }) =>
    model.platform === "docker"
      ? [aliases.service(model.name, service)]
      : inNamespace(model, names.service(model.name, service)),
  );
  return [...services, ...hooks];
}

const inNamespace = (model: ClusterModel, name: string): string[] => [
  `${name}.${NAMESPACE_PLACEHOLDER}.svc`,
  `${name}.${NAMESPACE_PLACEHOLDER}.svc.${model.clusterDomain}`,
];
