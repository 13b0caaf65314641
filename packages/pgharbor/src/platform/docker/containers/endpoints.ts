import * as pulumi from "@pulumi/pulumi";
import { aliases, ports, type ClusterModel, type GatewayUnit, type ResolvedService } from "@pgharbor/core";
import type { ServiceEndpoint } from "../../../outputs/endpoint";
import type { RunningUnit } from "./containers";
import { externalPort } from "./published-ports";

/** These come from the plan, so a preview never shows them as changed because of a gateway. */
export const internalHost = (cluster: string, service: ResolvedService): string =>
  aliases.service(cluster, service.name);
export const internalPort = (service: ResolvedService): number =>
  service.pool === undefined ? service.port : ports.pgbouncer;

/** The endpoint of a service at the gateway that publishes it. */
export function endpointOf(
  cluster: string,
  service: ResolvedService,
  gateway: RunningUnit<GatewayUnit>,
): pulumi.Output<ServiceEndpoint> {
  const { container, port: planned } = publishedBy(gateway, service);
  // Docker chooses a free port when the container starts.
  const port = planned.external ?? container.ports.apply((published) => externalPort(published, planned.internal) ?? 0);
  const everyAddress = ["0.0.0.0", "::"].includes(planned.bindAddress);
  return pulumi.output(port).apply((known) => ({
    name: service.name,
    host: everyAddress ? "127.0.0.1" : planned.bindAddress,
    port: known,
    internalHost: internalHost(cluster, service),
    internalPort: internalPort(service),
    role: service.followsPrimary ? "primary" : "replica",
    pooled: service.pool !== undefined,
  }));
}

function publishedBy({ containers }: RunningUnit<GatewayUnit>, { name, fullName }: ResolvedService) {
  for (const { planned, container } of containers) {
    const port = planned.ports.find(({ service }) => service === name);
    if (port !== undefined) return { container, port };
  }
  throw new Error(`service ${fullName} is published by no container`);
}

/** The endpoints of the cluster's own services. */
export const endpointsOf = (
  { name, services }: ClusterModel,
  gateway: RunningUnit<GatewayUnit>,
): pulumi.Output<ServiceEndpoint[]> => pulumi.all(services.map((service) => endpointOf(name, service, gateway)));
