import { aliases, names, NAMESPACE_PLACEHOLDER } from "../names";
import type { ClusterModel, ResolvedService } from "../model/types";

/**
 * HAProxy passes the TLS of direct services through to members, so members' certificates contain service names. It is a wildcard, so that a
 * later service changes no member's certificate. On Kubernetes the narrowest wildcard covers the namespace.
 */
export const memberTlsNames = (model: ClusterModel): string[] => [
  ...(model.platform === "docker" ? [aliases.everyService(model.name)] : inNamespace(model, "*")),
  aliases.haproxy(model.name),
];

/** The pooler's own service, and if it follows the primary, its name for the hooks. */
export const poolerTlsNames = (model: ClusterModel, { name, followsPrimary }: ResolvedService): string[] => [
  ...(model.platform === "docker"
    ? [aliases.service(model.name, name)]
    : inNamespace(model, names.service(model.name, name))),
  ...(followsPrimary ? [aliases.poolers(model.name)] : []),
];

const inNamespace = (model: ClusterModel, name: string): string[] => [
  `${name}.${NAMESPACE_PLACEHOLDER}.svc`,
  `${name}.${NAMESPACE_PLACEHOLDER}.svc.${model.clusterDomain}`,
];
