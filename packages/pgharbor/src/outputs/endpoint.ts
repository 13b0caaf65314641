import * as pulumi from "@pulumi/pulumi";
import { aliases, ports, type ClusterPlan, type PlannedService } from "@pgharbor/core";
import type { RunningContainer } from "../platform/docker/containers";

/** Where one service answers. */
export interface ServiceEndpoint {
  /** The service's name within its cluster. */
  name: string;
  /** Host for clients outside the cluster's network. */
  host: string;
  /** Port for clients outside the cluster's network. */
  port: number;
  /** Host for containers in the cluster's network. */
  internalHost: string;
  /** Port for containers in the cluster's network. */
  internalPort: number;
  /** `primary` where writes are possible, else `replica`. */
  role: string;
  /** Whether PgBouncer stands in front. */
  pooled: boolean;
}

/** The endpoint of a service, from the container that publishes it. */
export function endpointOf(
  cluster: string,
  service: PlannedService,
  containers: RunningContainer[],
): pulumi.Output<ServiceEndpoint> {
  const publishing = containers.find((c) => c.planned.ports.some((p) => p.service === service.name));
  if (publishing === undefined) throw new Error(`service ${service.fullName} is published by no container`);
  const index = publishing.planned.ports.findIndex((p) => p.service === service.name);
  const planned = publishing.planned.ports[index]!;
  // A free port is known once the container runs.
  const port = planned.external ?? publishing.container.ports.apply((published) => published?.[index]?.external ?? 0);
  const everyAddress = ["0.0.0.0", "::"].includes(planned.bindAddress);
  return pulumi.output(port).apply((known) => ({
    name: service.name,
    host: everyAddress ? "127.0.0.1" : planned.bindAddress,
    port: known,
    internalHost: aliases.service(cluster, service.name),
    internalPort: service.pool === undefined ? service.port : ports.pgbouncer,
    role: service.followsPrimary ? "primary" : "replica",
    pooled: service.pool !== undefined,
  }));
}

export const endpointsOf = (plan: ClusterPlan, containers: RunningContainer[]): pulumi.Output<ServiceEndpoint[]> =>
  pulumi.all(plan.services.map((service) => endpointOf(plan.facts.name, service, containers)));
