import * as pulumi from "@pulumi/pulumi";
import { aliases, ports, type ClusterPlan, type PlannedService } from "@pgharbor/core";
import type { ServiceEndpoint } from "../../outputs/endpoint";
import type { RunningContainer } from "./containers";
import { externalPort } from "./published-ports";

/** Known from the plan: no change of a gateway can make them look changed. */
export const internalHost = (cluster: string, service: PlannedService): string =>
  aliases.service(cluster, service.name);
export const internalPort = (service: PlannedService): number =>
  service.pool === undefined ? service.port : ports.pgbouncer;

/** The endpoint of a service, from the container that publishes it. */
export function endpointOf(
  cluster: string,
  service: PlannedService,
  containers: RunningContainer[],
): pulumi.Output<ServiceEndpoint> {
  const publishing = containers.find((c) => c.planned.ports.some((p) => p.service === service.name));
  if (publishing === undefined) throw new Error(`service ${service.fullName} is published by no container`);
  const planned = publishing.planned.ports.find((p) => p.service === service.name)!;
  // A free port is known once the container runs.
  const port =
    planned.external ?? publishing.container.ports.apply((published) => externalPort(published, planned.internal) ?? 0);
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

export const endpointsOf = (plan: ClusterPlan, containers: RunningContainer[]): pulumi.Output<ServiceEndpoint[]> =>
  pulumi.all(plan.services.map((service) => endpointOf(plan.facts.name, service, containers)));
