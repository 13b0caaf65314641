import { isIP } from "node:net";
import { aliases, NAMESPACE_PLACEHOLDER } from "../names";
import type { ClusterFacts, PlannedCertificate, PlannedContainer } from "./types";

/**
 * One certificate for each container that speaks TLS. A direct service passes TLS through to the members, so their
 * certificates carry the names of services too; a wildcard, so that a service that comes later changes none of them.
 */
export function planCertificates(facts: ClusterFacts, containers: PlannedContainer[]): PlannedCertificate[] {
  const bound = [facts.bindAddress, ...facts.hostnames].filter(
    (a) => !["0.0.0.0", "::", "127.0.0.1", "::1"].includes(a),
  );
  const shared = [
    "localhost",
    ...(facts.platform === "docker" ? [aliases.everyService(facts.name)] : servicesOfNamespace(facts)),
    aliases.haproxy(facts.name),
    aliases.poolers(facts.name),
    ...bound.filter((name) => isIP(name) === 0),
  ];
  return containers
    .filter((c) => c.program !== "haproxy")
    .map((c) => ({
      name: c.name,
      dnsNames: [...new Set([c.name, ...shared])],
      ipAddresses: [...new Set(["127.0.0.1", "::1", ...bound.filter((a) => isIP(a) !== 0)])],
    }));
}

/** So that a service that comes later needs no other certificate of members. Of all in the namespace: Kubernetes has no narrower wildcard. */
const servicesOfNamespace = (facts: ClusterFacts): string[] => [
  `*.${NAMESPACE_PLACEHOLDER}.svc`,
  `*.${NAMESPACE_PLACEHOLDER}.svc.${facts.clusterDomain}`,
];
