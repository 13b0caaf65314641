import { isIP } from "node:net";
import { aliases, names, NAMESPACE_PLACEHOLDER } from "../names";
import type { ClusterModel } from "../model/types";
import type { PlannedCertificate, PlannedContainer } from "./types";

/** The certificates that clients see: one for each container that ends a client's TLS, with the names it is found by. */
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
 * HAProxy passes the TLS of direct services through to members, so that theirs are the names of services; a wildcard, so that a
 * service that comes later changes no member's certificate. Kubernetes has no narrower one than all in the namespace.
 */
const memberNames = (model: ClusterModel): string[] => [
  ...(model.platform === "docker" ? [aliases.everyService(model.name)] : inNamespace(model, "*")),
  aliases.haproxy(model.name),
];

/** Its own service, and where it follows the primary, what the hooks know it by. */
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
